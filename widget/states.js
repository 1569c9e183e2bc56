// What the element can be doing. Each state lists the states that it may follow. Any other step is
// ignored, so everything about who overtakes whom is here.
export const MAY_FOLLOW = {
  // The link inside is on show. Another `src` or `mode` leads back here from anywhere.
  idle: ['loading', 'shown', 'sending', 'failed', 'closed'],
  // A fragment is on its way; the link, or the content before, is still on show. A newer load
  // overtakes an older one, but none overtakes what a person sends.
  loading: ['idle', 'loading', 'shown', 'failed', 'closed'],
  // What a person did is on its way. It overtakes a load, and nothing is sent twice.
  sending: ['loading', 'shown', 'failed'],
  // The content of the last answer is on show.
  shown: ['loading', 'sending'],
  // The last request brought nothing, or was given up because the element left the page. What was on
  // show stays, with everything that was typed.
  failed: ['loading', 'sending'],
  // Nothing is on show: a prompt that was closed, or that has nothing to ask. A prompt that is closed
  // while sending follows when the answer has arrived.
  closed: ['idle', 'loading', 'shown', 'failed'],
};

export const isBusy = (state) => state === 'loading' || state === 'sending';

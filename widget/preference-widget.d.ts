// The types of <preference-widget>; README.md says what each attribute and event means.

export type PreferenceWidgetView = 'preferences' | 'questions';
export type PreferenceWidgetMode = 'inline' | 'dialog' | 'prompt';

/** The attributes, for frameworks that check those of elements. All can be changed at any time. */
export interface PreferenceWidgetAttributes {
  /** `…/s/` and the name of the site, or a person’s embed link, which is a secret. */
  src?: string;
  lang?: string;
  view?: PreferenceWidgetView;
  mode?: PreferenceWidgetMode;
}

/** The HTTP status of the answer, or 0 if there was none. */
export interface PreferenceWidgetEventDetail {
  readonly status: number;
}

export type PreferenceWidgetEvent = CustomEvent<PreferenceWidgetEventDetail>;

/** What an XMLHttpRequest for a document ends with. */
export interface PreferenceWidgetAnswer {
  readonly status: number;
  readonly responseURL: string;
  readonly response: Document | null;
}

export interface PreferenceWidgetRequestOptions {
  /** Of a form that is sent, by POST. */
  readonly body?: URLSearchParams;
  /** Ends the request when its answer is not wanted any more. */
  readonly signal: AbortSignal;
}

export class PreferenceWidgetElement extends HTMLElement {
  static observedAttributes: string[];
  connectedCallback(): void;
  disconnectedCallback(): void;
  attributeChangedCallback(name: string, before: string | null, now: string | null): void;
  /** Never rejects. A subclass may fetch in its own way. */
  request(url: string, options: PreferenceWidgetRequestOptions): Promise<PreferenceWidgetAnswer>;
}

declare global {
  interface HTMLElementTagNameMap {
    'preference-widget': PreferenceWidgetElement;
  }

  interface GlobalEventHandlersEventMap {
    'preference-widget:load': PreferenceWidgetEvent;
    'preference-widget:saved': PreferenceWidgetEvent;
    'preference-widget:error': PreferenceWidgetEvent;
  }
}

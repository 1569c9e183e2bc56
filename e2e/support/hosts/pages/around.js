// Writes into the page what the page in the frame tells.
addEventListener('message', ({ data }) => {
  document.body.append(Object.assign(document.createElement('p'), { textContent: data }));
});

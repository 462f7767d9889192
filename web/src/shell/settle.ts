// What a change of page leaves to be done: a new page begins at its top, and a reader's place in it
// is its beginning. Going back finds the old place, which the list keeps.
let before = location.pathname;

export function settle(url: string): void {
  const path = new URL(url, location.href).pathname;
  if (path === before) return;
  before = path;
  scrollTo(0, 0);
  document.getElementById("content")?.focus({ preventScroll: true });
}

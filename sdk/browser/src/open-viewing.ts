const VIEWED_MS = 1_000;
/** When to look again at what moves: often enough for what is up to fifty windows high. */
const STEPS = [0, 0.02, 0.05, 0.1, 0.2, 0.5];

/**
 * Gives what looks at an element until it has been seen, and says so. Viewable as the Media Rating Council has it: half
 * of it, or of the window where it is larger, for one continuous second, in a tab that is in front. Throws where the
 * browser can't tell.
 */
export function openViewing(tell: (element: Element) => unknown): (element: Element) => void {
  const inView = new Map<Element, ReturnType<typeof setTimeout>>();
  const begin = (element: Element): void => {
    const timer = setTimeout(() => {
      // A page that was busy hears late of what left the window.
      read(observer.takeRecords());
      if (document.hidden || inView.get(element) !== timer) return;
      observer.unobserve(element);
      inView.delete(element);
      tell(element);
    }, VIEWED_MS);
    inView.set(element, timer);
  };
  const read = (entries: readonly IntersectionObserverEntry[]): void =>
    entries.forEach(({ target, intersectionRatio, intersectionRect: { height } }) => {
      if (!height || (intersectionRatio < 0.5 && height * 2 < innerHeight)) inView.delete(target);
      else if (!inView.has(target)) begin(target);
    });
  const observer = new IntersectionObserver(read, { threshold: STEPS });
  // A tab that comes to the front begins the second anew.
  document.addEventListener('visibilitychange', () => inView.forEach((_, element) => begin(element)));
  return (element) => {
    // What stands there now has a second of its own.
    inView.delete(element);
    observer.unobserve(element);
    observer.observe(element);
  };
}

import { createUsher } from '@usher/browser';
import { useEffect, useRef, useState } from 'react';

const usher = createUsher({ url: 'https://usher.example', key: 'the-browser-key-of-your-service' });

/** The first item of a placement: undefined until it is decided, null where there is none or none in time. */
export function useItem(placement) {
  const [item, setItem] = useState();
  useEffect(() => {
    let isHere = true;
    usher.decide(placement).then(([first = null]) => isHere && setItem(first));
    return () => {
      isHere = false;
    };
  }, [placement]);
  return item;
}

/** Shows an item by `children`, or `fallback`; says when it was seen. Clicks are declared, as in `data-usher-click`. */
export function Offer({ placement, fallback, children }) {
  const item = useItem(placement);
  const element = useRef(null);
  useEffect(() => {
    if (item) usher.watch(element.current, item);
  }, [item]);
  return (
    <div ref={element} style={{ visibility: item === undefined ? 'hidden' : 'visible' }}>
      {item ? children(item) : fallback}
    </div>
  );
}

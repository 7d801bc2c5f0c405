import { createUsher } from './create-usher.js';
import { safely } from './safely.js';

/** Makes the kit that a script tag describes by its `data-` attributes, as `window.usher` or by its `data-name`. */
safely(() => {
  const { src, dataset } = document.currentScript as HTMLScriptElement;
  const url = src.replace(/\/sdk\/.*/, '');
  (window as unknown as Record<string, unknown>)[dataset['name'] ?? 'usher'] = createUsher({
    url,
    ...dataset,
  });
})();

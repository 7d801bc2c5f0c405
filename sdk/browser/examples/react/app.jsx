import { createRoot } from 'react-dom/client';
import { Offer } from './offer.jsx';

createRoot(document.getElementById('app')).render(
  <>
    <Offer placement="home.hero" fallback={<h1>Welcome</h1>}>
      {({ content, actions: [link] }) => (
        <>
          <h1>{content.title}</h1>
          {link && (
            <a data-usher-click href={link.url}>
              {link.label}
            </a>
          )}
        </>
      )}
    </Offer>
    <Offer placement="product.aside" fallback={<p>Talk to us</p>}>
      {({ content }) => <p>{content.title}</p>}
    </Offer>
  </>,
);

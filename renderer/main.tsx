import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openChannel } from './channel.ts';
import { connect } from './connect.ts';
import { Kiosk } from './kiosk.tsx';
import { loadPictures } from './parts/picture.tsx';
import { setConnection } from './store.ts';

const place = document.getElementById('kiosk');
if (place === null) throw new Error('index.html has no #kiosk');

loadPictures();
const { say } = connect(openChannel(setConnection));

// A kiosk's screen is touched, never right-clicked, dragged or selected.
addEventListener('contextmenu', (event) => event.preventDefault());
addEventListener('dragstart', (event) => event.preventDefault());

createRoot(place).render(
  <StrictMode>
    <Kiosk say={say} />
  </StrictMode>,
);

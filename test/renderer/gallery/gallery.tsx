import '../../../renderer/theme/fonts.css';
import '../../../renderer/theme/tokens.css';
import '../../../renderer/theme/base.css';
import { createRoot } from 'react-dom/client';
import { type Language, languages } from '../../../main/contract/language.ts';
import { Kiosk } from '../../../renderer/kiosk.tsx';
import { show, useStore } from '../../../renderer/store.ts';
import { fixtures, viewOf } from './fixtures.ts';

// #fixture=confirm&language=en draws one screen; without a fixture, links to all of them; `lost` is main gone silent.
const place = document.getElementById('kiosk');
if (place === null) throw new Error('index.html has no #kiosk');
const root = createRoot(place);

let seq = 0;

function draw(): void {
  const asked = new URLSearchParams(location.hash.slice(1));
  const language: Language = languages.find((each) => each === asked.get('language')) ?? 'en';
  const name = asked.get('fixture');
  const fixture = fixtures.find((each) => each.name === name);
  seq += 1;
  if (name === null) drawLinks();
  else {
    useStore.setState({ shown: null, connection: name === 'lost' ? 'lost' : 'open' });
    if (fixture !== undefined) show({ seq, view: viewOf(fixture, language) });
    // A new key, so that nothing typed on the last screen is left.
    root.render(<Kiosk key={seq} say={() => true} />);
  }
  document.body.dataset.drawn = `${name} ${language}`;
}

addEventListener('hashchange', draw);
draw();

function drawLinks(): void {
  root.render(
    <ul style={{ height: '100%', overflow: 'auto', padding: '2em', font: '16px/2 sans-serif' }}>
      {fixtures.map((each) => (
        <li key={each.name}>
          {each.name}{' '}
          {languages.map((tag) => (
            <a key={tag} href={`#fixture=${each.name}&language=${tag}`}>
              {` ${tag} `}
            </a>
          ))}
        </li>
      ))}
    </ul>,
  );
}

import '../../../renderer/theme/fonts.css';
import '../../../renderer/theme/tokens.css';
import '../../../renderer/theme/base.css';
import { createRoot } from 'react-dom/client';
import { type Language, languages } from '../../../main/contract/language.ts';
import { Kiosk } from '../../../renderer/kiosk.tsx';
import { setConnection, show } from '../../../renderer/store.ts';
import { fixtures, viewOf } from './fixtures.ts';

// ?fixture=confirm&language=en draws one screen; without a fixture, links to all of them; `lost` is main gone silent.
const asked = new URLSearchParams(location.search);
const place = document.getElementById('kiosk');
if (place === null) throw new Error('index.html has no #kiosk');
const root = createRoot(place);

const language: Language = languages.find((each) => each === asked.get('language')) ?? 'en';
const name = asked.get('fixture');
const fixture = fixtures.find((each) => each.name === name);

if (name === null) {
  document.documentElement.style.fontSize = '16px';
  document.body.style.overflow = 'auto';
  root.render(
    <ul style={{ padding: '2em', font: '16px/2 sans-serif' }}>
      {fixtures.map((each) => (
        <li key={each.name}>
          {each.name}{' '}
          {languages.map((tag) => (
            <a key={tag} href={`?fixture=${each.name}&language=${tag}`}>
              {` ${tag} `}
            </a>
          ))}
        </li>
      ))}
    </ul>,
  );
} else {
  if (fixture !== undefined) show({ seq: 1, view: viewOf(fixture, language) });
  if (name === 'lost') setConnection('lost');
  root.render(<Kiosk say={() => true} />);
}

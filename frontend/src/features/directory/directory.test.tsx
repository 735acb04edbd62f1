import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import ru from '@/i18n/ru/directory.json';
import { renderApp } from '@/testing/renderApp';
import type { Authority, ServiceCentre } from './queries';
import { findAuthorities, findCentres } from './search';

const authority = (code: string, ru: string, kk: string, en: string, accepts = false): Authority => ({
  code,
  name: { ru: `Управление здравоохранения (${ru})`, kk, en },
  region: { ru, kk, en },
  address: { ru: `г. ${ru}, ул. Абая, 1`, kk: `${kk}, Абай к-сі, 1`, en: `1 Abay Street, ${en}` },
  phone: '8 (7152) 46-41-25',
  site: 'http://www.example.kz',
  openNow: true,
  accepts,
});
const authorities = [
  authority('13', 'Северо-Казахстанская область', 'Солтүстік Қазақстан облысы', 'North Kazakhstan oblast', true),
  authority('15', 'город Астана', 'Астана қаласы', 'City of Astana'),
];
const centres: ServiceCentre[] = Array.from({ length: 25 }, (_, n) => ({
  branch: n === 0 ? '15' : '13',
  number: `1.${n}`,
  name: n === 0 ? 'Столичный отдел' : `Отдел № ${n}`,
  address: n === 1 ? 'г. Петропавловск, ул. Зелёная, 7' : 'ул. Тестовая, 1',
  phones: '8 (7152) 1-00-00; 8 (7152) 2-00-00',
  openNow: false,
}));

/** The authorities as the portal gives them out, with their places in all three languages. */
function published(): Authority[] {
  const yaml = readFileSync(resolve(process.cwd(), '../server/directory/authorities.yaml'), 'utf8');
  return yaml.split(/^ {2}- code: /m).flatMap((entry) => {
    const code = /^"(\d{2})"/.exec(entry)?.[1];
    const text = (key: string) => {
      const [, kk = '', ru = '', en = ''] =
        new RegExp(`${key}: {kk: "?(.*?)"?, ru: "?(.*?)"?, en: "?(.*?)"?}`).exec(entry) ?? [];
      return { kk, ru, en };
    };
    if (!code) return [];
    return {
      code,
      name: text('name'),
      region: text('region'),
      address: text('address'),
      phone: '',
      site: '',
      openNow: true,
    };
  });
}

const fixtures = {
  'GET /api/directory/authorities': { body: { authorities } },
  'GET /api/directory/service-centres': { body: { centres } },
} as const;

describe('search', () => {
  it('finds a region in any of the three languages, whatever the case', () => {
    for (const words of ['северо-казахстанская', 'СОЛТҮСТІК', 'north kaz']) {
      expect(findAuthorities(authorities, words, '').map((a) => a.code)).toEqual(['13']);
    }
  });

  it('finds a city, a street with its number and a postcode in the addresses of the real authorities', () => {
    const all = published();
    const codes = (words: string) => findAuthorities(all, words, '').map((a) => a.code);
    expect(all).toHaveLength(16);
    const example = ru.search.hint.replace('Например, ', '');
    for (const words of [example, '150011', 'петропавл қ.', 'PETROPAVL']) expect(codes(words)).toEqual(['13']);
    for (const words of ['Абая 83', 'абая, 83', 'Абай 83', '83 Abay'])
      expect(codes(words), words).toEqual([all.find((a) => a.address.ru.includes('Кокшетау'))?.code]);
    expect(codes('object')).toEqual([]);
  });

  it('takes ё for е, and every word must fit', () => {
    expect(findCentres(centres, authorities, 'зеленая петропавловск', '')).toHaveLength(1);
    expect(findCentres(centres, authorities, 'зеленая астана', '')).toHaveLength(0);
  });

  it('finds centres by the name of their region', () => {
    expect(findCentres(centres, authorities, 'Астана қаласы', '').map((c) => c.name)).toEqual(['Столичный отдел']);
  });

  it('keeps to the chosen region', () => {
    expect(findCentres(centres, authorities, '', '15')).toHaveLength(1);
    expect(findAuthorities(authorities, '', '15')).toHaveLength(1);
  });
});

describe('directory page', () => {
  it('shows who takes applications here, whether it is open now, and numbers one can dial (S13)', async () => {
    await renderApp('/directory', { fixtures });
    const row = await screen.findByRole('row', { name: /Северо-Казахстанская/ });
    expect(row).toHaveTextContent('Принимает заявления на этом портале');
    expect(within(row).getByRole('link', { name: '8 (7152) 46-41-25' })).toHaveAttribute('href', 'tel:87152464125');
    expect(await screen.findByText('Открыто сейчас')).toBeInTheDocument();
    expect(await screen.findByText('Закрыто сейчас')).toBeInTheDocument();
  });

  it('shows the centres in portions', async () => {
    const { user } = await renderApp('/directory', { fixtures });
    expect(await screen.findByText('Найдено 25 центров')).toBeInTheDocument();
    expect(screen.queryByText('Отдел № 24')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Показать ещё' }));
    expect(screen.getByText('Отдел № 24')).toBeInTheDocument();
  });

  it('says that nothing was found and what to do', async () => {
    const { user } = await renderApp('/directory', { fixtures });
    await user.type(await screen.findByLabelText('Регион, город или улица'), 'Атлантида');
    await waitFor(() => expect(screen.getAllByText('Ничего не найдено')).toHaveLength(2));
  });

  it('finds by the words of an address', async () => {
    const { user } = await renderApp('/directory', {
      fixtures: { ...fixtures, 'GET /api/directory/authorities': { body: { authorities: published() } } },
    });
    await user.type(await screen.findByLabelText('Регион, город или улица'), 'Петропавловск');
    expect(await screen.findByText('1 орган')).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /Северо-Казахстанской/ })).toHaveTextContent('г. Петропавловск');
  });

  it('makes a link only of an ordinary web address', async () => {
    const odd = [{ ...authorities[0], site: 'javascript:alert(1)' }, authorities[1]];
    await renderApp('/directory', {
      fixtures: { ...fixtures, 'GET /api/directory/authorities': { body: { authorities: odd } } },
    });
    await screen.findByRole('row', { name: /Северо-Казахстанская/ });
    expect(screen.getAllByRole('link', { name: 'www.example.kz' })).toHaveLength(1);
  });
});

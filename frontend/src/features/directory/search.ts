import type { components } from '@/api/schema.gen';
import type { Authority, ServiceCentre } from './queries';

type Text3 = components['schemas']['Text3'];

const fold = (text: string) => text.toLowerCase().replaceAll('ё', 'е');
const inAll = (text: Text3 | undefined) => (text ? [text.kk, text.ru, text.en].join(' ') : '');

/** Only texts: anything else that is put together reads "[object Object]", and would be found by that. */
function holdsAll(texts: readonly string[], words: string): boolean {
  const text = fold(texts.join(' '));
  return fold(words)
    .split(/[\s,]+/)
    .every((word) => text.includes(word));
}

/** Authorities of a region (code, or '' for all) whose name, region or address holds every typed word, in any of the three languages. */
export function findAuthorities(all: readonly Authority[], words: string, region: string): Authority[] {
  return all.filter((authority) => {
    if (region !== '' && authority.code !== region) return false;
    const { name, region: place, address, phone } = authority;
    return holdsAll([inAll(name), inAll(place), inAll(address), phone], words);
  });
}

/** Service centres of a region; the words may also name the region itself. */
export function findCentres(
  all: readonly ServiceCentre[],
  authorities: readonly Authority[],
  words: string,
  region: string,
): ServiceCentre[] {
  const regions = new Map(authorities.map((a) => [a.code, inAll(a.region)]));
  return all.filter((centre) => {
    if (region !== '' && centre.branch !== region) return false;
    return holdsAll([centre.name, centre.address, centre.phones, regions.get(centre.branch) ?? ''], words);
  });
}

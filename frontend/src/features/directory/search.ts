import type { Authority, ServiceCentre } from './queries';

const fold = (text: string) => text.toLocaleLowerCase().replaceAll('ё', 'е');

function holdsAll(haystack: string, words: string): boolean {
  const text = fold(haystack);
  return fold(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Authorities of a region (code, or '' for all) whose name, region or address holds every typed word, in any of the three languages. */
export function findAuthorities(all: readonly Authority[], words: string, region: string): Authority[] {
  return all.filter((authority) => {
    if (region !== '' && authority.code !== region) return false;
    const { name, region: r } = authority;
    return holdsAll(
      [name.kk, name.ru, name.en, r?.kk, r?.ru, r?.en, authority.address, authority.phone].join(' '),
      words,
    );
  });
}

/** Service centres of a region; the words may also name the region itself. */
export function findCentres(
  all: readonly ServiceCentre[],
  authorities: readonly Authority[],
  words: string,
  region: string,
): ServiceCentre[] {
  const regions = new Map(authorities.map((a) => [a.code, [a.region?.kk, a.region?.ru, a.region?.en].join(' ')]));
  return all.filter((centre) => {
    if (region !== '' && centre.branch !== region) return false;
    return holdsAll([centre.name, centre.address, centre.phones, regions.get(centre.branch) ?? ''].join(' '), words);
  });
}

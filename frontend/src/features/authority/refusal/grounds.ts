import type { Application, RefusalGround } from '@/api/applications';
import type { GroundCode } from '../queries';

/** The grounds of S10 in their order; the ones that the portal knows and the contract allows. */
export const groundCodes = [
  'S10.1',
  'S10.2',
  'S10.3',
  'S10.4',
  'S10.5',
  'S10.6',
  'S10.7',
] as const satisfies readonly GroundCode[];

/** 10.3 for S10.3: the clause's own number. */
export const groundNumber = (code: GroundCode) => code.replace(/^S/, '');
/** S10.3 as a key of the texts, where a dot would start a new level. */
export const groundKey = (code: GroundCode) => code.replace('.', '_') as `S10_${1 | 2 | 3 | 4 | 5 | 6 | 7}`;

/** Longest texts in characters; the contract says the same. */
export const longest = { reason: 2000, basis: 500, remedy: 1000 } as const;

/** What the letter must say of a ground beside its reason (letters.md §1). */
export const needsBasis = (code: GroundCode) =>
  code === 'S10.1' || code === 'S10.4' || code === 'S10.5' || code === 'S10.6';
export const needsRequirement = (code: GroundCode) => code === 'S10.3';

export type GroundDraft = { on: boolean; reason: string; requirement: string; basis: string; remedy: string };
export type RefusalDraft = Readonly<Partial<Record<GroundCode, GroundDraft>>>;

export const emptyGround: GroundDraft = { on: false, reason: '', requirement: '', basis: '', remedy: '' };

export const draftKey = (id: string) => `refusal:${id}`;

/** A refusal that the head returned is where its correction begins. */
export function startingDraft(application: Application): RefusalDraft {
  const grounds = application.decision?.kind === 'refusal' ? (application.decision.grounds ?? []) : [];
  return Object.fromEntries(grounds.map((ground) => [ground.code, { ...emptyGround, ...ground, on: true }]));
}

export const isOpen = (application: Application, code: GroundCode) =>
  application.grounds?.find((offer) => offer.code === code)?.open ?? false;

/** The grounds that are chosen and may be chosen, as the contract takes them; empty texts are left out. */
export function toProposal(draft: RefusalDraft, application: Application): RefusalGround[] {
  return groundCodes.flatMap((code) => {
    const ground = draft[code];
    if (!ground?.on || !isOpen(application, code)) return [];
    const basis = needsBasis(code) ? ground.basis.trim() : '';
    const remedy = ground.remedy.trim();
    return [
      {
        code,
        reason: ground.reason.trim(),
        ...(needsRequirement(code) && { requirement: ground.requirement }),
        ...(basis && { basis }),
        ...(remedy && { remedy }),
      },
    ];
  });
}

export type GroundField = 'code' | 'reason' | 'requirement' | 'basis' | 'remedy';
export type Fault = { code: GroundCode; field: GroundField };

/** What may be chosen first, what is locked after it; each in the order of S10. */
export function shownOrder(application: Application): GroundCode[] {
  return [
    ...groundCodes.filter((code) => isOpen(application, code)),
    ...groundCodes.filter((code) => !isOpen(application, code)),
  ];
}

/** What a refusal still lacks; the server checks the same again. */
export function faults(grounds: readonly RefusalGround[]): Fault[] {
  return grounds.flatMap((ground) => {
    const { code } = ground;
    const lacking: Fault[] = [];
    if (needsRequirement(code) && !ground.requirement) lacking.push({ code, field: 'requirement' });
    if (needsBasis(code) && !ground.basis) lacking.push({ code, field: 'basis' });
    if (!ground.reason) lacking.push({ code, field: 'reason' });
    return lacking;
  });
}

/** Where a path of the server's refusal ("grounds[1].reason") leads, by the order in which the grounds were sent. */
export function faultAt(path: string, sent: readonly RefusalGround[]): Fault | undefined {
  const match = /^grounds\[(\d+)\]\.(code|reason|requirement|basis|remedy)$/.exec(path);
  const code = match && sent[Number(match[1])]?.code;
  return code ? { code, field: match[2] as GroundField } : undefined;
}

export const fieldId = ({ code, field }: Fault) => `ground-${groundNumber(code)}-${field}`;

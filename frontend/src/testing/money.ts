import type { components } from '@/api/schema.gen';
import { paths } from '@/app/paths';
import { draftId } from './applications';
import { applicant, renderApp } from './renderApp';
import type { Fixtures } from './server';

type MoneyDesk = components['schemas']['MoneyDesk'];

/** A difference that the gateway can give back and nobody has decided about. */
const found = {
  via: 'online',
  foundAt: '2026-11-22T06:00:00Z',
  refundable: true,
  acceptable: false,
  outcomes: ['returned', 'kept', 'written_off'],
  certificate: false,
  refundUnderWay: false,
} satisfies Partial<MoneyDesk['cases'][number]>;

/** What officials must look at: a receipt, two differences, a certificate. */
export const desk = {
  receipts: [
    {
      id: 'r1',
      applicationId: draftId,
      invoice: '2026-000002',
      payerId: '123456789011',
      payer: 'ТЕСТОВ ТЕСТ',
      due: '43250.00',
      rateDay: '2026-11-21',
      bank: 'Тест Банк',
      number: 'П-1',
      paidOn: '2026-11-21',
      amount: '43250.00',
      attachedAt: '2026-11-22T05:00:00Z',
      alike: [],
    },
  ],
  cases: [
    {
      id: 'c1',
      list: 'amounts_differ',
      reason: 'amount',
      invoice: '2026-000003',
      payer: 'ҮЛГІЛІ АДАМ',
      reference: 'ref',
      ours: { amount: '43250.00', state: 'open' },
      theirs: { amount: '43250.01', state: 'paid', paidAt: '2026-11-22T05:00:00Z', receipt: 'R-2' },
      ...found,
    },
    {
      id: 'c2',
      list: 'paid_without_application',
      reason: 'unknown_invoice',
      reference: 'nobody',
      ours: {},
      theirs: { amount: '100.00', state: 'paid' },
      ...found,
    },
  ],
  refunds: [
    {
      id: 'f1',
      applicationId: draftId,
      state: 'asked',
      amount: '43250.00',
      paidAt: '2026-11-20T19:00:00Z',
      paymentNumber: 'П-9',
      payer: 'ТЕСТОВА ТЕСТ',
      askedAt: '2026-11-22T05:00:00Z',
    },
  ],
  closed: [],
  reconciled: [
    { via: 'online', day: '2026-11-21', at: '2026-11-22T02:00:00Z', behind: false },
    { via: 'receipt', behind: false },
  ],
} satisfies MoneyDesk;

export const emptyDesk = {
  receipts: [],
  cases: [],
  refunds: [],
  closed: [],
  reconciled: desk.reconciled,
} satisfies MoneyDesk;

const official = (role: 'head' | 'chancery') =>
  ({
    ...applicant,
    capacity: 'official' as const,
    capacities: ['official' as const],
    roles: [role],
  }) as unknown as typeof applicant;

/** Opens the officials' page about money. */
export const openDesk = (role: 'head' | 'chancery', fixtures: Fixtures = {}) =>
  renderApp(paths.workMoney, {
    session: official(role),
    fixtures: { 'GET /api/authority/money': { body: desk }, ...fixtures },
  });

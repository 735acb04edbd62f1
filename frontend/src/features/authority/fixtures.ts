import { screen, within } from '@testing-library/react';
import type { Application } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import type { components } from '@/api/schema.gen';
import type { Session } from '@/api/session';
import { renderApp } from '@/testing/renderApp';
import type { Fixtures } from '@/testing/server';
import type { Term } from '@/ui/dueCalendar';
import type { QueueItem, Step } from './queries';

/*
 * What the server answers in the tests of this folder. The story: filed on Thursday 26 November 2026, 15:06; today is Tuesday 1 December,
 * 10:40 in Kazakhstan (05:40Z).
 */
type Queue = components['schemas']['Queue'];
type ServiceCard = components['schemas']['ServiceCard'];

export const now = '2026-12-01T05:40:00Z';
export const id = '0190a1b2-0000-7000-8000-000000000001';

const text = (ru: string) => ({ kk: `kk ${ru}`, ru, en: `en ${ru}` });

function official(role: components['schemas']['Role'], name: string) {
  return {
    signedIn: true,
    name,
    iin: '123456789099',
    capacity: 'official',
    capacities: ['official'],
    roles: [role],
    authorityCode: '13',
    authorityName: text('Управление здравоохранения СКО'),
  } satisfies Session;
}
export const chancery = official('chancery', 'ТЕСТОВА КЕҢСЕ');
export const head = official('head', 'ТЕСТОВ БАСШЫ');
export const executor = official('executor', 'ТЕСТОВА АЙГҮЛ');

export const declared = {
  code: 'medical-activity',
  version: 1,
  title: text('Выдача лицензии'),
  activity: text('Медицинская деятельность'),
  kinds: [],
  upload: { maxFileBytes: 1, maxTotalBytes: 1, maxFiles: 1, types: [] },
  sections: [
    {
      id: 'premises',
      title: text('Помещения'),
      clause: 'SF5.1',
      fields: [
        {
          id: 'premises',
          type: 'table',
          label: text('Помещения и здания'),
          required: true,
          maxRows: 100,
          columns: [
            {
              id: 'right',
              type: 'choice',
              label: text('Вид права'),
              required: true,
              options: [{ value: 'leased', label: text('Аренда') }],
            },
            { id: 'leaseNumber', type: 'text', label: text('Номер договора'), required: true, maxLength: 100 },
            { id: 'leaseDate', type: 'date', label: text('Дата договора'), required: true },
          ],
        },
      ],
    },
    {
      id: 'equipment',
      title: text('Оборудование'),
      clause: 'SF5.2',
      fields: [
        {
          id: 'equipment',
          type: 'table',
          label: text('Список оборудования'),
          required: true,
          maxRows: 500,
          columns: [
            { id: 'name', type: 'text', label: text('Название'), required: true, maxLength: 100 },
            { id: 'year', type: 'year', label: text('Год'), required: true },
          ],
        },
      ],
    },
    {
      id: 'experience',
      title: text('Стаж'),
      clause: 'SF5.6',
      for: ['person'],
      fields: [{ id: 'experience', type: 'text', label: text('Стаж'), required: true, maxLength: 10 }],
    },
    {
      id: 'documents',
      title: text('Документы'),
      clause: 'S9.B1',
      fields: [],
      slots: [
        {
          id: 'premisesTitle',
          title: text('Договор аренды'),
          clause: 'S9.A2',
          required: false,
          maxFiles: 10,
        },
      ],
    },
  ],
  requirements: [
    {
      id: 'premises',
      text: text('помещения на праве собственности или аренды'),
      clause: 'SF5.1',
      sections: ['premises'],
      slots: ['premisesTitle'],
    },
    { id: 'equipment', text: text('медицинского оборудования'), clause: 'SF5.2', sections: ['equipment'] },
    {
      id: 'experience',
      text: text('стажа не менее 5 лет'),
      clause: 'SF5.6',
      for: ['person'],
      sections: ['experience'],
    },
  ],
  classifiers: [],
  addressParts: [],
} satisfies DeclaredService;

export const card = {
  service: declared,
  fee: { amount: '43250.00', mci: '4325.00', coefficient: '10', rateDay: '2026-12-01' },
  today: '2026-12-01',
} satisfies ServiceCard;

export const term = {
  workingDays: 15,
  firstDay: '2026-11-27',
  dueAt: '2026-12-18T12:30:00Z',
  clause: 'S4.1',
  days: [
    { date: '2026-11-26', kind: 'filed' },
    { date: '2026-11-27', kind: 'counted', number: 1 },
    { date: '2026-11-28', kind: 'skipped', reason: text('выходной') },
    { date: '2026-11-29', kind: 'skipped', reason: text('выходной') },
    { date: '2026-11-30', kind: 'counted', number: 2 },
    { date: '2026-12-01', kind: 'counted', number: 3 },
    { date: '2026-12-02', kind: 'counted', number: 4 },
    { date: '2026-12-18', kind: 'due', number: 15 },
  ],
} satisfies Term;

const running = {
  register: { action: 'register', role: 'chancery', normMinutes: 15, clause: 'R5.1', number: 1 },
  assign: { action: 'assign', role: 'head', normMinutes: 60, clause: 'R5.2', number: 2 },
  check: { action: 'confirm_complete', role: 'executor', normWorkingDays: 2, clause: 'R5.3', number: 3 },
  prepare: { action: 'save_checklist', role: 'executor', normWorkingDays: 11, clause: 'R5.4', number: 4 },
  sign: { action: 'return', role: 'head', normMinutes: 60, clause: 'R5.5', number: 5 },
} as const;

export function step(name: keyof typeof running, more: Partial<Step> = {}): Step {
  return {
    ...running[name],
    startedAt: '2026-12-01T05:00:00Z',
    dueAt: '2026-12-01T06:00:00Z',
    usedPercent: 30,
    minutesLeft: 20,
    of: 5,
    overdue: false,
    ...more,
  };
}

type State =
  | 'filed'
  | 'registered'
  | 'assigned'
  | 'in_review'
  | 'licence_prepared'
  | 'refusal_prepared'
  | 'issued'
  | 'refused';

/** The grounds as the server offers them in the review. */
export const reviewGrounds = [
  { code: 'S10.1', open: true },
  { code: 'S10.2', open: false, closedReason: 'fee_paid' },
  { code: 'S10.3', open: true },
  { code: 'S10.4', open: false, closedReason: 'no_agreeing_answer' },
  { code: 'S10.5', open: true },
  { code: 'S10.6', open: true },
  { code: 'S10.7', open: false, closedReason: 'completeness_confirmed', closesAt: '2026-11-30T12:30:00Z' },
] satisfies Application['grounds'];

const event = (action: string, actorRole: string, actorName: string, at: string, params = {}) =>
  ({ action, actorRole, actorName, at, params }) as Application['history'][number];

const history = [
  event('sign', 'applicant', 'ТЕСТОВ ДИРЕКТОР', '2026-11-26T10:04:00Z'),
  event('file', 'gateway', '', '2026-11-26T10:06:00Z', { number: '13-2026-000418', amount: '43250.00' }),
  event('register', 'chancery', 'ТЕСТОВА КЕҢСЕ', '2026-11-26T10:10:00Z', { incomingNumber: '1207' }),
  event('assign', 'head', 'ТЕСТОВ БАСШЫ', '2026-11-26T10:30:00Z', { executorName: 'ТЕСТОВА АЙГҮЛ' }),
  event('confirm_complete', 'executor', 'ТЕСТОВА АЙГҮЛ', '2026-11-27T06:20:00Z'),
];
const historyLength = { filed: 2, registered: 3, assigned: 4 } as const;

/** One application of the LLP, as an official of the authority sees it in a state; nothing is offered unless a test says so. */
export function application(state: State, more: Partial<Application> = {}): Application {
  const registered = state !== 'filed';
  const assigned = registered && state !== 'registered';
  const reviewed = assigned && state !== 'assigned';
  return {
    id,
    number: '13-2026-000418',
    service: 'medical-activity',
    serviceVersion: '1',
    kind: 'licence',
    state,
    applicant: {
      kind: 'entity',
      name: 'ТОО «Тест Клиника»',
      iin: '123456789011',
      bin: '123456789021',
      representative: 'ТЕСТОВ ДИРЕКТОР',
    },
    authorityCode: '13',
    answers: {
      premises: [{ right: 'leased', leaseNumber: '12', leaseDate: '2026-03-01' }],
      equipment: [
        { name: 'Тонометр', year: 2024 },
        { name: 'Кушетка', year: 2023 },
        { name: 'Весы', year: 2022 },
        { name: 'Ростомер', year: 2021 },
      ],
    },
    revision: 3,
    savedAt: '2026-11-26T10:00:00Z',
    attachments: [
      {
        id: 'scan-1',
        slot: 'premisesTitle',
        name: 'договор.pdf',
        size: 204800,
        mime: 'application/pdf',
        sha256: '00',
        uploadedAt: '2026-11-26T09:50:00Z',
      },
    ],
    signature: {
      signer: 'ТЕСТОВ ДИРЕКТОР',
      organisation: 'ТОО «Тест Клиника»',
      signedAt: '2026-11-26T10:04:00Z',
      certificateSerial: '4f1e',
      issuer: 'ҰКО',
    },
    invoice: {
      id: 'inv',
      number: '1',
      state: 'paid',
      paymentState: 'paid',
      amount: '43250.00',
      fee: card.fee,
      requisites: {},
      issuedAt: '2026-11-26T10:05:00Z',
      paidAt: '2026-11-26T10:06:00Z',
    },
    filedAt: '2026-11-26T10:06:00Z',
    dueAt: term.dueAt,
    term,
    ...(registered && { incomingNumber: '1207', registeredAt: '2026-11-26T10:10:00Z' }),
    ...(assigned && { executor: { id: 'e1', name: 'ТЕСТОВА АЙГҮЛ' }, resolution: 'Рассмотреть в установленный срок' }),
    completeness: {
      closesAt: '2026-11-30T12:30:00Z',
      open: false,
      ...(reviewed && { confirmedAt: '2026-11-27T06:20:00Z' }),
    },
    ...(reviewed && {
      checklist: [
        { requirement: 'premises', met: 'unmarked' },
        { requirement: 'equipment', met: 'unmarked' },
      ],
    }),
    ...(state === 'in_review' && { grounds: reviewGrounds }),
    actions: [],
    history: history.slice(0, state in historyLength ? historyLength[state as 'filed'] : history.length),
    createdAt: '2026-11-26T09:00:00Z',
    updatedAt: '2026-11-26T10:06:00Z',
    ...more,
  };
}

export function row(more: Partial<QueueItem> & Pick<QueueItem, 'id'>): QueueItem {
  return {
    number: '13-2026-000418',
    incomingNumber: '1207',
    kind: 'licence',
    state: 'in_review',
    applicantName: 'ТОО «Тест Клиника»',
    applicantId: '123456789021',
    executorName: 'ТЕСТОВА АЙГҮЛ',
    urgency: 'later',
    step: step('prepare', { minutesLeft: 9 * 420 + 30, daysLeft: 9, usedPercent: 19, dueAt: '2026-12-14T12:30:00Z' }),
    filedAt: '2026-11-26T10:06:00Z',
    dueAt: '2026-12-18T12:30:00Z',
    mine: true,
    ...more,
  };
}

export function queue(items: QueueItem[], more: Partial<Queue> = {}): Queue {
  return {
    items,
    counts: { all: 12, mine: items.length, overdue: 1, today: 2, check: 2, sign: 1 },
    now,
    workingUntil: '2026-12-01T12:30:00Z',
    ...more,
  };
}

/** Opens the file of an application as an official sees it, at the tab that he would see first or at another. */
export const openWork = (shown: Application, session: Session, more: Fixtures = {}, tab = '') =>
  renderApp(`/work/${id}${tab && `?tab=${tab}`}`, {
    session,
    fixtures: {
      'GET /api/applications/{id}': { body: shown },
      'GET /api/services/{code}': { body: card },
      'GET /api/directory/authorities': { body: { authorities: [] } },
      ...more,
    },
  });
export const stepPanel = async () => within(await screen.findByRole('complementary', { name: 'Текущий шаг' }));
export const keyOf = (asked: { headers: Headers } | undefined) => asked?.headers.get('Idempotency-Key');
export const rowOf = async (name: RegExp) => within(await screen.findByRole('row', { name }));

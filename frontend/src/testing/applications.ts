import type { DeclaredService } from '@/api/declaration';
import type { components } from '@/api/schema.gen';
import type { Fixtures } from './server';

type Schemas = components['schemas'];
type Application = Schemas['Application'];

const three = (ru: string) => ({ kk: `${ru} (kk)`, ru, en: `${ru} (en)` });

/** A short declaration with every kind of question that the portal draws; real ones are server/catalog/services. */
export const declaration = {
  code: 'medical-activity',
  version: 1,
  title: three('Выдача лицензии'),
  activity: three('Медицинская деятельность'),
  kinds: [
    {
      code: 'licence',
      title: three('Новая лицензия'),
      term: { workingDays: 15, start: 'next_working_day', clause: 'S4.1' },
      fee: { kind: 'licence', clause: 'S7.1' },
      norms: [
        { step: 'register', minutes: 15, clause: 'R5.1' },
        { step: 'assign', minutes: 60, clause: 'R5.2' },
        { step: 'check', workingDays: 2, clause: 'R5.3' },
        { step: 'prepare', workingDays: 11, clause: 'R5.4' },
        { step: 'sign', minutes: 60, clause: 'R5.5' },
      ],
    },
  ],
  upload: {
    maxFileBytes: 20 * 1024 * 1024,
    maxTotalBytes: 100 * 1024 * 1024,
    maxFiles: 60,
    types: ['application/pdf', 'image/jpeg', 'image/png'],
  },
  sections: [
    {
      id: 'contacts',
      title: three('Контакты'),
      clause: 'SF3',
      fields: [
        { id: 'licensor', type: 'authority', label: three('Лицензиар'), required: true },
        { id: 'homeAddress', type: 'address', label: three('Адрес местожительства'), required: true },
        { id: 'email', type: 'email', label: three('Электронная почта'), required: true },
        { id: 'fax', type: 'phone', label: three('Факс'), required: false },
        { id: 'note', type: 'textarea', label: three('Примечание'), required: false, maxLength: 20 },
      ],
    },
    {
      id: 'activity',
      title: three('Виды деятельности'),
      clause: 'SF3',
      fields: [
        {
          id: 'subActivities',
          type: 'classifier',
          label: three('Подвиды'),
          classifier: 'sub',
          maxItems: 10,
          required: true,
        },
        { id: 'sites', type: 'addresses', label: three('Адреса деятельности'), required: true, minRows: 1, maxRows: 3 },
        {
          id: 'right',
          type: 'choice',
          label: three('Вид права'),
          required: true,
          options: [
            { value: 'owned', label: three('Собственность') },
            { value: 'leased', label: three('Аренда') },
          ],
        },
        {
          id: 'lease',
          type: 'text',
          label: three('Номер договора аренды'),
          required: true,
          maxLength: 60,
          when: { field: 'right', in: ['leased'] },
        },
      ],
    },
    {
      id: 'equipment',
      title: three('Оборудование'),
      clause: 'SF5.2',
      fields: [
        { id: 'equipmentAsOf', type: 'date', label: three('Сведения на дату'), required: true, notFuture: true },
        {
          id: 'equipment',
          type: 'table',
          label: three('Оборудование'),
          required: true,
          minRows: 1,
          maxRows: 5,
          paste: true,
          columns: [
            { id: 'name', type: 'text', label: three('Наименование'), required: true, maxLength: 300 },
            { id: 'quantity', type: 'number', label: three('Кол-во'), required: true, min: 1 },
            { id: 'year', type: 'year', label: three('Год'), required: true, min: 1900, notFuture: true },
            {
              id: 'condition',
              type: 'choice',
              label: three('Состояние'),
              required: true,
              options: [
                { value: 'working', label: three('рабочее') },
                { value: 'not_working', label: three('не рабочее') },
              ],
            },
          ],
        },
      ],
    },
    {
      id: 'experience',
      title: three('Стаж работы'),
      clause: 'SF5.6',
      for: ['person', 'sole_trader'],
      fields: [
        {
          id: 'experience',
          type: 'table',
          label: three('Места работы'),
          required: true,
          minRows: 1,
          maxRows: 100,
          length: { from: 'hired', to: 'dismissed', minYears: 5 },
          columns: [
            { id: 'organisation', type: 'text', label: three('Организация'), required: true, maxLength: 300 },
            { id: 'hired', type: 'date', label: three('Дата приёма'), required: true, notFuture: true },
            {
              id: 'dismissed',
              type: 'date',
              label: three('Дата увольнения'),
              hint: three('Оставьте пустым, если работаете там'),
              required: false,
              notBefore: 'hired',
            },
          ],
        },
      ],
    },
    {
      id: 'documents',
      title: three('Документы'),
      clause: 'S9.B1',
      fields: [],
      slots: [
        {
          id: 'registration',
          title: three('Свидетельство о регистрации'),
          clause: 'S9.B1',
          for: ['sole_trader'],
          required: true,
          maxFiles: 2,
        },
        {
          id: 'diplomas',
          title: three('Дипломы'),
          clause: 'SF5.4',
          required: false,
          maxFiles: 2,
          coveredBy: { section: 'experience', note: three('Не требуется: сведения даны в форме') },
        },
      ],
    },
    {
      id: 'confirmations',
      title: three('Подтвердите'),
      clause: 'SF3',
      fields: [
        { id: 'confirmContacts', type: 'checkbox', label: three('Контакты официальные.'), required: true },
        { id: 'confirmNoBan', type: 'checkbox', label: three('Суд не запрещал.'), required: true },
      ],
    },
  ],
  requirements: [
    { id: 'premises', text: three('помещение или договор аренды'), clause: 'SF5.1', sections: ['experience'] },
  ],
  classifiers: [
    {
      id: 'sub',
      note: three('Рабочий классификатор.'),
      items: [
        { code: 'PHC', name: three('Первичная помощь'), fullName: three('Первичная помощь'), group: true },
        {
          code: 'PHC-THER',
          parent: 'PHC',
          name: three('Терапия'),
          fullName: three('Первичная помощь: терапия'),
          group: false,
        },
        {
          code: 'PHC-PED',
          parent: 'PHC',
          name: three('Педиатрия'),
          fullName: three('Первичная помощь: педиатрия'),
          group: false,
        },
        { code: 'EMS', name: three('Скорая помощь'), fullName: three('Скорая помощь'), group: true },
        {
          code: 'EMS-AMB',
          parent: 'EMS',
          name: three('Выездная'),
          fullName: three('Скорая помощь: выездная'),
          group: false,
        },
        {
          code: 'EMS-OLD',
          parent: 'EMS',
          name: three('Прежняя'),
          fullName: three('Скорая помощь: прежняя'),
          group: false,
          validTo: '2020-12-31',
        },
      ],
    },
  ],
  addressParts: [
    { id: 'postcode', label: three('Почтовый индекс'), required: false, maxLength: 10 },
    { id: 'oblast', label: three('Область'), required: false, maxLength: 100 },
    { id: 'city', label: three('Город'), required: false, maxLength: 100 },
    { id: 'settlement', label: three('Населённый пункт'), required: false, maxLength: 100 },
    { id: 'street', label: three('Улица'), required: true, maxLength: 200 },
    { id: 'house', label: three('Дом'), required: true, maxLength: 50 },
  ],
} satisfies DeclaredService;

export const serviceCard = {
  service: declaration as unknown as Schemas['ServiceCard']['service'],
  fee: { amount: '43250.00', mci: '4325.00', coefficient: '10', rateDay: '2026-11-26' },
  today: '2026-11-26',
} satisfies Schemas['ServiceCard'];

export const authority = {
  code: '13',
  name: three('Управление здравоохранения Северо-Казахстанской области'),
  address: three('г. Петропавловск, ул. Парковая, 57'),
  phone: '8 (7152) 46-41-25',
  site: 'uz.sko.kz',
  openNow: true,
  accepts: true,
} satisfies Schemas['Authority'];

export const otherAuthority = {
  ...authority,
  code: '75',
  name: three('Управление здравоохранения города Алматы'),
  accepts: false,
} satisfies Schemas['Authority'];

/** Answers that may be signed. */
export const completeAnswers = {
  licensor: '13',
  homeAddress: { city: 'Астана', oblast: 'Акмолинская', street: 'Тестовая', house: '1' },
  email: 'test@example.kz',
  subActivities: ['PHC-THER'],
  sites: [{ city: 'Астана', oblast: 'Акмолинская', street: 'Тестовая', house: '1' }],
  right: 'owned',
  equipmentAsOf: '2026-11-20',
  equipment: [{ name: 'Стерилизатор', quantity: '1', year: '2023', condition: 'working' }],
  experience: [{ organisation: 'Поликлиника', hired: '2010-01-01', dismissed: '2020-01-01' }],
} as const;

export const draftId = '01a204d3-bf92-7847-88b2-d80f003ea1fa';

export const draft = {
  id: draftId,
  service: 'medical-activity',
  serviceVersion: '1',
  kind: 'licence',
  state: 'draft',
  applicant: { kind: 'person', name: 'ТЕСТТОВ ТЕСТТ', iin: '123456789012' },
  answers: {},
  revision: 1,
  savedAt: '2026-11-26T09:12:00Z',
  attachments: [],
  actions: [
    { name: 'save', clause: 'R10.2' },
    { name: 'discard', clause: 'R10.2' },
    { name: 'sign', clause: 'R10.3' },
  ],
  history: [{ at: '2026-11-26T09:00:00Z', action: 'create', actorRole: 'applicant', actorName: 'ТЕСТТОВ ТЕСТТ' }],
  createdAt: '2026-11-26T09:00:00Z',
  updatedAt: '2026-11-26T09:12:00Z',
} satisfies Application;

export const scan = {
  id: 'a1',
  slot: 'diplomas',
  name: 'диплом.pdf',
  size: 1_258_291,
  mime: 'application/pdf',
  sha256: '00',
  uploadedAt: '2026-11-26T09:10:00Z',
} satisfies Schemas['Attachment'];

export const invoice = {
  id: 'i1',
  number: '2026-000001',
  state: 'open',
  paymentState: 'none',
  amount: '43250.00',
  fee: { amount: '43250.00', mci: '4325.00', coefficient: '10', rateDay: '2026-11-26' },
  requisites: {
    beneficiary: three('УГД по г. Петропавловск'),
    bin: '990240003561',
    taxOffice: '5903',
    kbk: '105402',
    knp: '911',
    iik: 'KZ24070105KSN0000000',
    bic: 'KKMFKZ2A',
  },
  issuedAt: '2026-11-26T10:00:00Z',
} satisfies Schemas['Invoice'];

export const signedApplication = {
  ...draft,
  state: 'awaiting_payment',
  answers: completeAnswers,
  authorityCode: '13',
  signature: { signer: 'ТЕСТТОВ ТЕСТТ', signedAt: '2026-11-26T10:00:00Z', certificateSerial: '01' },
  invoice,
  actions: [
    { name: 'pay', clause: 'S7.2' },
    { name: 'reopen', clause: 'S7.1' },
  ],
} satisfies Application;

const day = (date: string, kind: Schemas['TermDay']['kind'], number?: number, reason?: string) => ({
  date,
  kind,
  ...(number !== undefined && { number }),
  ...(reason && { reason: three(reason) }),
});

export const filedApplication = {
  ...signedApplication,
  state: 'filed',
  number: '13-2026-000418',
  filedAt: '2026-11-26T10:06:00Z',
  dueAt: '2026-12-01T12:30:00Z',
  invoice: { ...invoice, state: 'paid', paymentState: 'paid', paidAt: '2026-11-26T10:06:00Z' },
  term: {
    workingDays: 3,
    firstDay: '2026-11-27',
    dueAt: '2026-12-01T12:30:00Z',
    clause: 'S4.1',
    days: [
      day('2026-11-26', 'filed'),
      day('2026-11-27', 'counted', 1),
      day('2026-11-28', 'skipped', undefined, 'выходной'),
      day('2026-11-29', 'skipped', undefined, 'выходной'),
      day('2026-11-30', 'counted', 2),
      day('2026-12-01', 'due', 3),
    ],
  },
  step: {
    action: 'register',
    role: 'chancery',
    startedAt: '2026-11-26T10:06:00Z',
    dueAt: '2026-11-26T10:21:00Z',
    normMinutes: 15,
    clause: 'R5.1',
    number: 1,
    of: 6,
    overdue: false,
  },
  completeness: { closesAt: '2026-11-30T12:30:00Z', open: true },
  actions: [{ name: 'withdraw', clause: 'S15' }],
  history: [
    ...draft.history,
    { at: '2026-11-26T10:00:00Z', action: 'sign', actorRole: 'applicant', actorName: 'ТЕСТТОВ ТЕСТТ' },
    { at: '2026-11-26T10:06:00Z', action: 'file', actorRole: 'gateway', params: { number: '13-2026-000418' } },
  ],
} satisfies Application;

export const licence = {
  number: 'KZ87DEM00000001',
  service: 'medical-activity',
  annexNumber: '001',
  issuedOn: '2026-11-30',
  status: 'valid',
  applicationId: draftId,
  subActivities: [{ kk: 'Терапия', ru: 'Терапия', en: 'Therapy' }],
} satisfies Schemas['MyLicence'];

/** What every page of the cabinet asks for. */
export function cabinetFixtures(application: Application = draft): Fixtures {
  return {
    'GET /api/services/{code}': { body: serviceCard },
    'GET /api/directory/authorities': { body: { authorities: [otherAuthority, authority] } },
    'GET /api/applications/{id}': { body: application },
  };
}

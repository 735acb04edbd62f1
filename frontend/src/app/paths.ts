/** Every address of the portal in one place. The only file of app that features may import; it imports nothing. */
export const paths = {
  home: '/',
  service: '/services/medical-activity',
  check: '/check',
  checkNumber: (number: string) => `/check/${encodeURIComponent(number)}`,
  directory: '/directory',
  process: '/process',
  help: '/help',
  accessibility: '/accessibility',
  privacy: '/privacy',
  rules: '/rules',
  signIn: '/sign-in',
  signInThen: (next: string) => `/sign-in?next=${encodeURIComponent(next)}`,

  applications: '/applications',
  start: '/applications/new',
  application: (id: string) => `/applications/${encodeURIComponent(id)}`,
  form: (id: string, section?: string) => `/applications/${encodeURIComponent(id)}/form${section ? `/${section}` : ''}`,
  review: (id: string) => `/applications/${encodeURIComponent(id)}/review`,
  payment: (id: string) => `/applications/${encodeURIComponent(id)}/payment`,
  filed: (id: string) => `/applications/${encodeURIComponent(id)}/filed`,
  licences: '/licences',

  work: '/work',
  workApplication: (id: string) => `/work/${encodeURIComponent(id)}`,
  workJournal: '/work/journal',
} as const;

import type { Application } from '@/api/applications';

export const tabs = ['answers', 'requirements', 'documents', 'signature', 'history'] as const;
export type Tab = (typeof tabs)[number];

export function readTab(params: URLSearchParams): Tab | undefined {
  const name = params.get('tab');
  return tabs.find((tab) => tab === name);
}

/** The executor comes for the checklist, everybody else for the application. */
export function defaultTab(application: Pick<Application, 'state'>): Tab {
  return application.state === 'in_review' ? 'requirements' : 'answers';
}

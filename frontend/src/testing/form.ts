import { screen } from '@testing-library/react';
import type { Application } from '@/api/applications';
import { paths } from '@/app/paths';
import type { Language } from '@/i18n/language';
import { cabinetFixtures, draft, draftId } from './applications';
import { applicant, renderApp } from './renderApp';
import type { Fixtures } from './server';

/** A server that keeps what is saved, as far as a page can see. */
export function saving(application: Application = draft): Fixtures {
  let revision = application.revision;
  return {
    ...cabinetFixtures(application),
    'PUT /api/applications/{id}/answers': () => ({
      body: { revision: ++revision, savedAt: '2026-11-26T09:30:00Z', issues: [] },
    }),
  };
}

/** Opens a section of a draft; `lastSaved` is what was sent last. */
export async function openForm(
  section: string,
  application: Application = draft,
  fixtures: Fixtures = {},
  language: Language = 'ru',
) {
  const opened = await renderApp(paths.form(draftId, section), {
    language,
    session: applicant,
    fixtures: { ...saving(application), ...fixtures },
  });
  await screen.findByRole('heading', { level: 1 });
  const lastSaved = () =>
    (opened.server.asked.filter((one) => one.method === 'PUT').at(-1)?.body ?? {}) as {
      revision: number;
      answers: Record<string, unknown>;
    };
  return { ...opened, lastSaved };
}

/** The button that goes on to the next section. */
export const goOn = () => screen.getByRole('button', { name: 'Сохранить и продолжить' });

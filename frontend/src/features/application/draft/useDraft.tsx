import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Application } from '@/api/applications';
import type { DeclaredSection, DeclaredService } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import { pagesFor, sectionOf, sectionsFor } from '../answers';
import { type CheckContext, checkSection, isStarted } from '../check/checkSection';
import type { UploadStore } from '../documents/UploadStore';
import { inPageOrder } from '../pageOrder';
import type { DraftSnapshot, DraftStore } from './DraftStore';

/** The draft, the declaration that it is filled by, and the application around it. */
export type Draft = {
  application: Application;
  service: DeclaredService;
  today: string;
  store: DraftStore;
  uploads: UploadStore;
};

export const DraftContext = createContext<Draft | undefined>(undefined);

export function useDraft(): Draft {
  const draft = useContext(DraftContext);
  if (!draft) throw new Error('a page of the form stands outside of its frame');
  return draft;
}

export function useDraftSnapshot(): DraftSnapshot {
  const { store } = useDraft();
  return useSyncExternalStore(store.subscribe, store.snapshot);
}

export function useCheckContext(): CheckContext {
  const { application, service, today } = useDraft();
  return useMemo(() => {
    const files: Record<string, number> = {};
    for (const attachment of application.attachments) files[attachment.slot] = (files[attachment.slot] ?? 0) + 1;
    return { kind: application.applicant.kind, today, addressParts: service.addressParts, files };
  }, [application, service, today]);
}

export type SectionProgress = {
  section: DeclaredSection;
  started: boolean;
  issues: readonly FieldIssue[];
};

/** How far each section is; done means started and nothing wrong. */
export function useProgress(): SectionProgress[] {
  const { application, service } = useDraft();
  const { answers } = useDraftSnapshot();
  const context = useCheckContext();
  return useMemo(
    () =>
      pagesFor(service, application.applicant.kind).map((section) => ({
        section,
        started: isStarted(section, answers, context),
        issues: checkSection(section, answers, context),
      })),
    [service, application.applicant.kind, answers, context],
  );
}

/**
 * What is wrong in one section now: our own quick check, and what only the server could find at the last save, as long as the value it
 * judged is still there.
 */
export function useSectionIssues(section: DeclaredSection | undefined): FieldIssue[] {
  const { application, service } = useDraft();
  const { answers, issues, issuesFor } = useDraftSnapshot();
  const context = useCheckContext();
  return useMemo(() => {
    if (!section) return [];
    const own = checkSection(section, answers, context);
    const known = new Set(own.map((issue) => fieldOf(issue.path)));
    const sections = sectionsFor(service, application.applicant.kind);
    const more = issues.filter((issue) => {
      const field = fieldOf(issue.path);
      return (
        sectionOf(sections, issue.path)?.id === section.id && !known.has(field) && answers[field] === issuesFor[field]
      );
    });
    return inPageOrder([...own, ...more], [section], service.addressParts);
  }, [section, answers, issues, issuesFor, context, service, application.applicant.kind]);
}

const fieldOf = (path: string) => (path.startsWith('documents.') ? path : path.replace(/[.[].*$/, ''));

import { useCallback, useEffect, useRef, useState } from 'react';
import { type Application, useAct } from '@/api/applications';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';
import { useSessionDraft } from '@/api/sessionDraft';

export type Mark = components['schemas']['ChecklistMark'];
type Edits = Readonly<Record<string, Mark>>;

/** A note is sent when the typing pauses, a mark at once. */
const pauseMs = 700;

const same = (a: Mark | undefined, b: Mark | undefined) => a?.met === b?.met && (a?.note ?? '') === (b?.note ?? '');

/** The save that is under way, by application: it goes on when its page is left, and what comes after it waits for it. */
const underWay = new Map<string, Promise<void>>();

export type Checklist = ReturnType<typeof useChecklist>;

/**
 * The checklist that saves itself. What is not with the server yet lies over what the server knows, and in this window's memory, so that
 * neither a dead line nor a reload takes a mark away. It belongs to the file and not to its tab: what is not sent yet goes on from any tab, and
 * when the file is left.
 */
export function useChecklist(application: Application) {
  const { id } = application;
  const [edits, keep, forget] = useSessionDraft<Edits>(`checklist:${id}`, {});
  const [savedAt, setSavedAt] = useState<string>();
  // The page learns of an answer a moment later than we do: until then the answer stands for what it was shown over.
  const [answered, setAnswered] = useState<{ over: Application; by: Application }>();
  const known = answered?.over === application ? answered.by : application;
  const shown = useRef(application);
  useEffect(() => {
    shown.current = application;
  }, [application]);
  const latest = useRef(edits);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const save = useAct<Mark[]>(id, (marks) =>
    answer(api.PUT('/api/applications/{id}/checklist', { params: { path: { id } }, body: { marks } }), {
      byItself: true,
    }),
  );
  const { mutateAsync, isPending } = save;
  const waits = useRef<Promise<void>>(undefined);
  // Told until a save goes through, also while it is tried again: coming and going it would move the marks under the hand.
  const [failure, setFailure] = useState<unknown>();
  const lastFailure = useRef<unknown>(undefined);

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    const marks = Object.values(latest.current);
    if (marks.length === 0) return;
    const before = underWay.get(id);
    if (before) {
      waits.current ??= before.then(() => {
        waits.current = undefined;
        flush();
      });
      return;
    }
    const sent = mutateAsync(marks).then((by) => {
      setAnswered({ over: shown.current, by });
      // What was changed while this was under way stays, and goes next.
      const left = Object.entries(latest.current).filter(
        ([requirement, mark]) =>
          !same(
            mark,
            marks.find((one) => one.requirement === requirement),
          ),
      );
      latest.current = Object.fromEntries(left);
      keep(latest.current);
      if (left.length === 0) forget();
      setFailure(undefined);
      setSavedAt(new Date().toISOString());
    });
    const ended = () => void underWay.delete(id);
    underWay.set(id, sent.then(ended, ended));
    sent.then(flush, (error: unknown) => {
      lastFailure.current = error;
      setFailure(error);
    });
  }, [id, mutateAsync, keep, forget]);

  /** Sends what is unsent and waits until the server has it; throws when it could not be saved. */
  const saved = useCallback(async () => {
    flush();
    while (underWay.has(id)) await underWay.get(id);
    if (Object.keys(latest.current).length > 0) throw lastFailure.current;
  }, [id, flush]);

  // Marks that a reload found unsaved go first.
  useEffect(() => {
    flush();
    return flush;
  }, [flush]);

  const change = (mark: Mark, at: 'once' | 'pause') => {
    latest.current = { ...latest.current, [mark.requirement]: mark };
    keep(latest.current);
    clearTimeout(timer.current);
    if (at === 'once') flush();
    else timer.current = setTimeout(flush, pauseMs);
  };

  const marks = (known.checklist ?? []).map((mark) => edits[mark.requirement] ?? mark);
  return {
    marks,
    change,
    flush,
    saved,
    state:
      failure && !isPending
        ? ('failed' as const)
        : Object.keys(edits).length > 0
          ? ('saving' as const)
          : savedAt
            ? ('saved' as const)
            : ('idle' as const),
    savedAt,
    failure,
  };
}

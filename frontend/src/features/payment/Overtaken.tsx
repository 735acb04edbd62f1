import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isSilence } from '@/api/problem';
import { Note } from '@/ui/Note';
import { useErrorText } from '@/ui/useErrorText';
import { Closing } from './Closing';
import css from './Money.module.css';
import type { MoneyCase, OvertakenAct } from './money';

/**
 * Acts that came too late: their rows have gone from the lists or do not offer them any more, and their questions went with them. What was typed
 * stays here until the page is left: a colleague may have decided without knowing it.
 */
export function Overtaken({ acts, closed }: { acts: readonly OvertakenAct[]; closed: readonly MoneyCase[] }) {
  const { t } = useTranslation('money');
  const errorText = useErrorText();
  const box = useRef<HTMLDivElement>(null);
  // The button that was pressed is not there any more.
  useEffect(() => {
    if (acts.length > 0) box.current?.focus();
  }, [acts]);
  if (acts.length === 0) return null;
  return (
    <div ref={box} tabIndex={-1} className={`stack-5 after-title ${css.overtaken}`}>
      {acts.map(({ act, id, about, error, unsent }) => {
        const said = errorText(error);
        // Of a lost answer nobody knows who has done it.
        const lost = isSilence(error);
        const decided = closed.find((one) => one.id === id);
        return (
          <Note key={`${act} ${id}`} kind="attention" title={t(lost ? 'overtaken.lost' : 'overtaken.title')} alert>
            <div className="stack">
              <p>
                {t(`desk.${act}`)} — {about}
              </p>
              {lost ? (
                <p>{t('overtaken.lostText')}</p>
              ) : (
                <p>
                  <b>{said.title}.</b> {said.detail}
                </p>
              )}
              {decided && (
                <p>
                  <Closing one={decided} />
                </p>
              )}
              {unsent && (
                <>
                  <p>
                    <b>{t('overtaken.unsent')}</b>
                  </p>
                  <blockquote className="measure">{unsent}</blockquote>
                </>
              )}
            </div>
          </Note>
        );
      })}
    </div>
  );
}

import { useTranslation } from 'react-i18next';

/** The used part of a norm, 0–100 (more is late). Always put it beside the time left in words. */
export function NormMeter({ percent, overdue = false }: { percent: number; overdue?: boolean }) {
  const { t } = useTranslation('ui');
  const used = Math.max(0, Math.min(100, Math.round(percent)));
  const late = overdue || percent > 100;
  const kind = late ? ' late' : used >= 80 ? ' soon' : '';
  return (
    <span className={`meter${kind}`} role="img" aria-label={t('norm.used', { percent: used })}>
      <i style={{ width: `${used}%` }} />
    </span>
  );
}

/** How far work that reports its progress has come, e.g. an upload. */
export function ProgressMeter({ percent, label }: { percent: number; label: string }) {
  const value = Math.max(0, Math.min(100, Math.round(percent)));
  return (
    <span
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${value}%` }} />
    </span>
  );
}

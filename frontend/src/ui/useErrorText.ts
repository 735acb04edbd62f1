import { useTranslation } from 'react-i18next';
import { ApiError, type FieldIssue } from '@/api/problem';
import { useFormat } from './useFormat';

export type ErrorText = { title: string; detail: string };

/**
 * The text for a refusal, or for a code that stands by itself, in the reader's language: errors.json holds `<code>.title` and `<code>.detail`
 * for the codes of the contract. A code without a text is told as a general failure, never shown raw. `more` is what the page knows beyond the
 * params of the refusal; params that end in Bytes are told as sizes.
 */
export function useErrorText(): (error: unknown, more?: Record<string, unknown>) => ErrorText {
  const { t, i18n } = useTranslation('errors');
  const format = useFormat();
  return (error, more = {}) => {
    const code = error instanceof ApiError ? error.code : typeof error === 'string' ? error : 'unexpected';
    const known = i18n.exists(`errors:${code}.title`) ? code : 'unexpected';
    const params = { ...(error instanceof ApiError ? error.params : {}), ...more };
    for (const [key, value] of Object.entries(params))
      if (key.endsWith('Bytes') && typeof value === 'number') params[key] = format.wholeBytes(value);
    const say = t as unknown as (key: string, params: object) => string;
    return {
      title: say(`${known}.title`, params),
      detail: i18n.exists(`errors:${known}.detail`) ? say(`${known}.detail`, params) : '',
    };
  };
}

/** The text for one wrong answer of a form: errors.json holds `field.<code>`. */
export function useFieldErrorText(): (issue: Pick<FieldIssue, 'code' | 'params'>) => string {
  const { t, i18n } = useTranslation('errors');
  return (issue) => {
    const known = i18n.exists(`errors:field.${issue.code}`) ? issue.code : 'invalid';
    return (t as unknown as (key: string, params: object) => string)(`field.${known}`, issue.params ?? {});
  };
}

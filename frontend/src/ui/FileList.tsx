import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export type ListedFile = {
  key: string;
  name: string;
  /** "PDF, 3 страницы"; kind, size or date. */
  meta?: ReactNode;
  href?: string;
  /** Name for saving; absent when the browser should open it. */
  download?: boolean;
  action?: ReactNode;
};

/** Files with their meta data and a link to fetch each; the link names its file for those who hear the page. */
export function FileList({ files }: { files: readonly ListedFile[] }) {
  const { t } = useTranslation('ui');
  return (
    <ul className="files">
      {files.map((file) => (
        <li key={file.key}>
          <span>
            <b>{file.name}</b>
            {file.meta && <span className="meta">{file.meta}</span>}
          </span>
          {file.href && (
            <a href={file.href} download={file.download ? '' : undefined}>
              {t('file.get')}
              <span className="vh"> — {file.name}</span>
            </a>
          )}
          {file.action}
        </li>
      ))}
    </ul>
  );
}

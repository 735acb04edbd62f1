import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReadConfig } from '@/api/config';
import { Button } from '@/ui/Button';
import { PasswordField } from '@/ui/Field';
import { FileField } from '@/ui/FileField';
import { Icon } from '@/ui/Icon';
import { maxKeyFileBytes } from './keyFile';
import { ncalayerVersion } from './ncalayer';
import styles from './SignWays.module.css';
import { SigningError } from './signer';
import type { Way } from './useSigning';

export type SignWaysProps = {
  onStart: (way: Way) => void;
  /** The names of the two buttons; "sign through NCALayer" and "sign with the file" unless told. */
  ncalayerLabel?: string;
  keyFileLabel?: string;
  level?: 2 | 3;
};

/** The two ways to sign, side by side: the national program, or a key file opened in this page. */
export function SignWays({ onStart, ncalayerLabel, keyFileLabel, level = 2 }: SignWaysProps) {
  const { t } = useTranslation('signing');
  const Heading = `h${level}` as const;
  return (
    <div className={styles.ways}>
      <section className={`${styles.way} ${styles.first}`}>
        <Heading>{t('ways.ncalayer.title')}</Heading>
        <NCALayerState />
        <ol>
          <li>{t('ways.ncalayer.step1')}</li>
          <li>{t('ways.ncalayer.step2')}</li>
          <li>{t('ways.ncalayer.step3')}</li>
        </ol>
        <details className={styles.trouble}>
          <summary>{t('ways.ncalayer.trouble')}</summary>
          <p className="small">{t('ways.ncalayer.troubleText')}</p>
        </details>
        <div className={styles.act}>
          <Button wide onClick={() => onStart({ kind: 'ncalayer' })}>
            {ncalayerLabel ?? t('button.ncalayer')}
          </Button>
        </div>
      </section>
      <section className={styles.way}>
        <Heading>{t('ways.keyFile.title')}</Heading>
        <p>{t('ways.keyFile.text')}</p>
        <KeyFileForm label={keyFileLabel ?? t('button.keyFile')} onStart={onStart} />
      </section>
    </div>
  );
}

// Asked only when the person wishes: a page that knocks at a port by itself alarms both people and browsers.
function NCALayerState() {
  const { t } = useTranslation('signing');
  const readConfig = useReadConfig();
  const [found, setFound] = useState<{ version: string } | 'none' | 'asking' | undefined>();
  const ask = async () => {
    setFound('asking');
    try {
      setFound({ version: await ncalayerVersion((await readConfig()).ncalayerUrl) });
    } catch (error) {
      setFound(error instanceof SigningError ? 'none' : undefined);
    }
  };
  let said: ReactNode = null;
  if (found === 'asking') said = t('ways.ncalayer.checking');
  else if (found === 'none')
    said = (
      <span className={styles.bad}>
        <Icon name="bang" />
        {t('ways.ncalayer.notRunning')}
      </span>
    );
  else if (found)
    said = (
      <span className={styles.good}>
        <Icon name="tick" />
        {t('ways.ncalayer.running', { version: found.version })}
      </span>
    );
  return (
    <div className={styles.state}>
      <span role="status">{said}</span>
      {typeof found !== 'object' && found !== 'asking' && (
        <button type="button" className="lnk" onClick={ask}>
          {t('ways.ncalayer.check')}
        </button>
      )}
    </div>
  );
}

function KeyFileForm({ label, onStart }: { label: string; onStart: (way: Way) => void }) {
  const { t } = useTranslation('signing');
  const [file, setFile] = useState<File>();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const fileError = !file
    ? t('ways.keyFile.noFile')
    : file.size > maxKeyFileBytes
      ? t('ways.keyFile.tooLarge')
      : undefined;
  const passwordError = password === '' ? t('ways.keyFile.noPassword') : undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!file || fileError || passwordError) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    onStart({ kind: 'keyFile', key: { bytes, password } });
  };
  return (
    <form className={styles.keyForm} onSubmit={submit} noValidate>
      <FileField
        label={t('ways.keyFile.label')}
        prompt={t('ways.keyFile.prompt')}
        accept=".p12,.pfx"
        chosen={file?.name}
        onFile={setFile}
        error={tried ? fileError : undefined}
      />
      <PasswordField
        label={t('ways.keyFile.password')}
        value={password}
        onChange={setPassword}
        error={tried ? passwordError : undefined}
      />
      <div className={styles.act}>
        <Button type="submit" variant="second" wide>
          {label}
        </Button>
      </div>
    </form>
  );
}

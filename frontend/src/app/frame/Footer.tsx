import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '../paths';
import { PrintSwitch } from './PrintSwitch';

/** The foot of every public page; the thin ram's-horn line stands here and at the edges of the printed licence, nowhere else. */
export function Footer() {
  const { t } = useTranslation();
  return (
    <footer className="foot">
      <div className="ornament" aria-hidden="true" />
      <div className="wrap">
        <div>
          <b>{t('footer.centre')}</b>
          <br />
          <a href="tel:1414">1414</a> ·{' '}
          <a className="nowrap" href="tel:88000807777">
            8 800 080 7777
          </a>
          <br />
          <span className="quiet">{t('footer.free')}</span>
          <p className="quiet hours">{t('footer.hours')}</p>
        </div>
        <ul className="plain">
          <li>
            <Link to={paths.rules}>{t('footer.rules')}</Link>
          </li>
          <li>
            <Link to={paths.privacy}>{t('footer.privacy')}</Link>
          </li>
          <li>
            <Link to={paths.accessibility}>{t('footer.accessibility')}</Link>
          </li>
        </ul>
        <ul className="plain">
          <li>
            <Link to={paths.checkSignature}>{t('footer.checkFile')}</Link>
          </li>
          <li>
            <Link to={paths.process}>{t('footer.process')}</Link>
          </li>
          <li>
            <PrintSwitch className="lnk" />
          </li>
        </ul>
      </div>
    </footer>
  );
}

export function OfficialsFooter() {
  const { t } = useTranslation();
  return (
    <footer className="foot foot--line">
      <div className="ornament" aria-hidden="true" />
      <div className="wrap">
        <Link to={paths.rules}>{t('footer.workRules')}</Link>
        <Link to={paths.process}>{t('footer.process')}</Link>
        <Link to={paths.help}>{t('nav.help')}</Link>
        <PrintSwitch className="lnk" />
        <span className="quiet">{t('footer.recorded')}</span>
      </div>
    </footer>
  );
}

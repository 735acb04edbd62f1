import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassifierItem } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { TextField } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { useFocusKept } from '@/ui/useFocusKept';
import { codesOf } from '../answers';
import { useDraft } from '../draft/useDraft';
import styles from './ClassifierInput.module.css';
import { type FieldProps, useSingle } from './props';

type Node = ClassifierItem & { children: Node[] };

/** The items under their headings; what is not valid today is left out unless it is already chosen. */
function treeOf(items: readonly ClassifierItem[], today: string, chosen: ReadonlySet<string>): Node[] {
  const nodes = new Map<string, Node>();
  const roots: Node[] = [];
  for (const item of items) {
    const valid = (!item.validFrom || item.validFrom <= today) && (!item.validTo || today <= item.validTo);
    if (!valid && !chosen.has(item.code)) continue;
    const node = { ...item, children: [] };
    nodes.set(item.code, node);
    const parent = item.parent ? nodes.get(item.parent) : undefined;
    if (parent) parent.children.push(node);
    else if (!item.parent) roots.push(node);
  }
  return roots;
}

/** What is left of a branch when one looks for something; a heading that fits keeps all that is under it. */
function found(node: Node, fits: (name: string) => boolean, name: (item: ClassifierItem) => string): Node | undefined {
  if (fits(name(node))) return node;
  const children = node.children.flatMap((child) => found(child, fits, name) ?? []);
  return children.length > 0 ? { ...node, children } : undefined;
}

const leaves = (node: Node): Node[] => (node.group ? node.children.flatMap(leaves) : [node]);

/** Codes chosen from a tree: the chosen ones in a list of their own, a search, and the tree to tick in. */
export function ClassifierInput(props: FieldProps<'classifier'>) {
  const { field, value, onChange, onLeave } = props;
  const { t } = useTranslation('application');
  const text = useText3();
  const { service, today } = useDraft();
  const { id, label, error } = useSingle(props);
  const [sought, setSought] = useState('');
  const looking = useDeferredValue(sought.trim().toLowerCase());
  const classifier = service.classifiers.find((one) => one.id === field.classifier);
  const codes = codesOf(value);
  const chosen = useMemo(() => new Set(codes), [codes]);
  const tree = useMemo(() => treeOf(classifier?.items ?? [], today, chosen), [classifier, today, chosen]);
  const nameOf = (code: string) => text(classifier?.items.find((item) => item.code === code)?.fullName) || code;
  const shown =
    looking === ''
      ? tree
      : tree.flatMap(
          (node) =>
            found(
              node,
              (name) => name.toLowerCase().includes(looking),
              (item) => text(item.name),
            ) ?? [],
        );
  const focus = useFocusKept(id);
  // The list of what is chosen grows above the tree: the box that was ticked stays under the hand, and so does the next one.
  const ticked = useRef<{ box: Element; top: number }>(undefined);
  useLayoutEffect(() => {
    if (!ticked.current) return;
    const { box, top } = ticked.current;
    ticked.current = undefined;
    const moved = box.getBoundingClientRect().top - top;
    if (box.isConnected && moved !== 0) window.scrollBy({ top: moved, behavior: 'instant' });
  });
  const flip = (code: string, on: boolean, box?: Element) => {
    if (box) ticked.current = { box, top: box.getBoundingClientRect().top };
    onChange(on ? [...codes, code] : codes.filter((other) => other !== code));
    onLeave(field.id);
  };
  return (
    <fieldset
      className={error ? 'field has-error' : 'field'}
      id={id}
      tabIndex={-1}
      aria-describedby={error ? `${id}-error` : `${id}-note`}
      {...focus}
    >
      <legend className="legend">{label}</legend>
      {classifier && (
        <p className="hint" id={`${id}-note`}>
          {text(classifier.note)}
        </p>
      )}
      {error && (
        <p className="error" id={`${id}-error`}>
          <Icon name="bang" />
          <span>{error}</span>
        </p>
      )}
      <div className={styles.chosen} role="status">
        <p>
          <b>{t('classifier.chosen', { count: codes.length })}</b>
        </p>
      </div>
      {codes.length > 0 && (
        <ul className={styles.list}>
          {codes.map((code) => (
            <li key={code}>
              <span>{nameOf(code)}</span>
              <button type="button" className="lnk" onClick={() => flip(code, false)}>
                {t('classifier.remove')} <span className="vh">— {nameOf(code)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.search}>
        <TextField
          label={t('classifier.search')}
          type="search"
          value={sought}
          onChange={setSought}
          hint={t('classifier.searchHint')}
        />
      </div>
      {shown.length === 0 && <p role="status">{t('classifier.nothing', { sought: sought.trim() })}</p>}
      {shown.map((node) => (
        <Branch
          key={node.code}
          node={node}
          chosen={chosen}
          open={looking !== ''}
          name={(item) => text(item.name)}
          flip={flip}
        />
      ))}
    </fieldset>
  );
}

function Branch({
  node,
  chosen,
  open,
  name,
  flip,
}: {
  node: Node;
  chosen: ReadonlySet<string>;
  open: boolean;
  name: (item: ClassifierItem) => string;
  flip: (code: string, on: boolean, box: Element) => void;
}) {
  const { t } = useTranslation('application');
  const [opened, setOpened] = useState(false);
  if (!node.group) {
    return (
      <label className="choice">
        <input
          type="checkbox"
          checked={chosen.has(node.code)}
          onChange={({ currentTarget: box }) => flip(node.code, box.checked, box)}
        />
        <span>{name(node)}</span>
      </label>
    );
  }
  const all = leaves(node);
  const ticked = all.filter((leaf) => chosen.has(leaf.code)).length;
  return (
    <details
      className={styles.branch}
      open={open || opened}
      onToggle={(event) => {
        if (!open) setOpened(event.currentTarget.open);
      }}
    >
      <summary>
        <span>{name(node)}</span>
        <span className="quiet small">
          {ticked > 0 ? t('classifier.ticked', { ticked, all: all.length }) : t('classifier.of', { count: all.length })}
        </span>
      </summary>
      <div className={styles.leaves}>
        {node.children.map((child) => (
          <Branch key={child.code} node={child} chosen={chosen} open={open} name={name} flip={flip} />
        ))}
      </div>
    </details>
  );
}

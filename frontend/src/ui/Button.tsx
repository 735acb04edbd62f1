import { Button as MantineButton } from '@mantine/core';
import { type MouseEvent, type ReactNode, useId } from 'react';
import { Link } from 'react-router';
import { Icon } from './Icon';

type Look = {
  /** first: the one act of the view; second: outlined; stop: takes something away; link and stop-link: an act that looks like a link. */
  variant?: 'first' | 'second' | 'stop' | 'link' | 'stop-link';
  /** big: the page's one big act; dense: officials' tables. */
  size?: 'normal' | 'big' | 'dense';
  wide?: boolean;
  children: ReactNode;
};

const variantClass = {
  first: '',
  second: 'btn--second',
  stop: 'btn--stop',
  link: 'btn--link',
  'stop-link': 'btn--link stop',
} as const;
const sizeClass = { normal: '', big: 'btn--big', dense: 'btn--dense' } as const;

function lookClass(
  { variant = 'first', size = 'normal', wide }: Omit<Look, 'children'>,
  ...more: (string | false | undefined)[]
): string {
  return ['btn', variantClass[variant], sizeClass[size], wide && 'btn--wide', ...more].filter(Boolean).join(' ');
}

export type ButtonProps = Look & {
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  type?: 'button' | 'submit';
  /** The verb in progress ("Подписываем…"): shown instead of the words, the width kept, presses ignored. */
  busy?: string | false | undefined;
  /** Why it cannot be pressed now. The button stays in the tab order, with a lock and the reason under it. */
  blocked?: string | undefined;
  name?: string;
  'aria-label'?: string;
  'aria-describedby'?: string;
  'aria-expanded'?: boolean;
};

/** The button of the portal: Mantine's mechanics, our look. It is never grey without words. */
export function Button({
  variant,
  size,
  wide,
  children,
  onClick,
  type = 'button',
  busy,
  blocked,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const idle = !busy && !blocked;
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (!idle) {
      // A submit button that is blocked or busy must not send the form.
      event.preventDefault();
      return;
    }
    onClick?.(event);
  };
  const button = (
    <MantineButton
      unstyled
      type={type}
      className={lookClass(
        { ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) },
        busy ? 'btn--wait' : undefined,
        blocked ? 'btn--blocked' : undefined,
      )}
      aria-disabled={idle ? undefined : true}
      aria-describedby={blocked ? reasonId : rest['aria-describedby']}
      aria-label={rest['aria-label']}
      aria-expanded={rest['aria-expanded']}
      name={rest.name}
      onClick={press}
    >
      {blocked && <Icon name="lock" />}
      {busy ? <span aria-live="polite">{busy}</span> : children}
    </MantineButton>
  );
  if (!blocked) return button;
  return (
    <span className="blocked">
      {button}
      <span className="blocked-why" id={reasonId}>
        {blocked}
      </span>
    </span>
  );
}

export type ButtonLinkProps = Look & { to: string; state?: unknown; replace?: boolean; 'aria-describedby'?: string };

/** A link that looks like a button: it leads somewhere, it changes nothing. */
export function ButtonLink({ variant, size, wide, children, to, ...rest }: ButtonLinkProps) {
  return (
    <Link
      className={lookClass({ ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) })}
      to={to}
      {...rest}
    >
      {children}
    </Link>
  );
}

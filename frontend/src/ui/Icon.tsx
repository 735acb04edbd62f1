const shapes = {
  tick: { d: 'M2.5 8.5l3.6 3.6L13.5 4.5', width: 2.4 },
  cross: { d: 'M3.5 3.5l9 9M12.5 3.5l-9 9', width: 2.4 },
  bang: { d: 'M8 3v6.4M8 11.4v2', width: 2.4 },
  clock: { d: 'M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM8 4.6V8l2.4 1.6', width: 1.8 },
  pen: { d: 'M10.8 2.8l2.4 2.4L6 12.4l-3 .6.6-3zM2.5 15h11', width: 1.5 },
  undo: { d: 'M6 3L2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 010 7.2H6', width: 1.8 },
  back: { d: 'M10 3L5 8l5 5', width: 2 },
  lock: { d: 'M3 7h10v6.6H3zM5.2 7V5a2.8 2.8 0 015.6 0v2', width: 1.7 },
  sheet: { d: 'M3.5 1.8h6l3 3v9.4h-9zM9.2 2v3.2h3.2', width: 1.4 },
  ring: { d: 'M8 2.4a5.6 5.6 0 100 11.2A5.6 5.6 0 008 2.4z', width: 2 },
} as const;

export type IconName = keyof typeof shapes;

/** A drawn sign. It never stands alone: the words beside it carry the meaning, so it is hidden from screen readers. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  const shape = shapes[name];
  return (
    <svg
      className={className ? `ic ${className}` : 'ic'}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={shape.width}
      aria-hidden="true"
    >
      <path d={shape.d} />
    </svg>
  );
}

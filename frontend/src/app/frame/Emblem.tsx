/** The portal's own sign, drawn in the seal's gold; the state emblem is not imitated. */
export function Emblem() {
  return (
    <svg className="emblem" viewBox="0 0 48 48" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <circle cx="24" cy="24" r="22" />
      <circle cx="24" cy="24" r="10.4" strokeWidth="1.5" />
      <path
        d="M34.5 24.0L42.6 24.0M34.1 26.7L42.0 28.8M33.1 29.2L40.1 33.3M31.4 31.4L37.2 37.2M29.2 33.1L33.3 40.1M26.7 34.1L28.8 42.0M24.0 34.5L24.0 42.6M21.3 34.1L19.2 42.0M18.8 33.1L14.7 40.1M16.6 31.4L10.8 37.2M14.9 29.2L7.9 33.3M13.9 26.7L6.0 28.8M13.5 24.0L5.4 24.0M13.9 21.3L6.0 19.2M14.9 18.8L7.9 14.7M16.6 16.6L10.8 10.8M18.7 14.9L14.7 7.9M21.3 13.9L19.2 6.0M24.0 13.5L24.0 5.4M26.7 13.9L28.8 6.0M29.2 14.9L33.3 7.9M31.4 16.6L37.2 10.8M33.1 18.7L40.1 14.7M34.1 21.3L42.0 19.2"
        strokeWidth="1.1"
      />
      <path
        d="M14.2 21.6Q24 19 33.8 21.6M14.2 26.4Q24 29 33.8 26.4M21.6 14.2Q19 24 21.6 33.8M26.4 14.2Q29 24 26.4 33.8"
        strokeWidth="1.1"
      />
    </svg>
  );
}

import type { ReactNode } from "react";

/** Decorative: drawn on a 24 × 24 grid in the text colour, hidden from screen readers. */
const icon = (drawing: ReactNode) =>
  function Icon({ size = 18 }: { size?: number }) {
    return (
      <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.75} strokeLinecap="round" strokeLinejoin="round" aria-hidden focusable={false}>
        {drawing}
      </svg>
    );
  };

export const FleetIcon = icon(<path d="M4 5h6v6H4zM14 5h6v6h-6zM4 15h6v4H4zM14 15h6v4h-6z" />);
export const AlertIcon = icon(<path d="M12 4 3 19h18zM12 10v4M12 16.5v.5" />);
export const RulesIcon = icon(<path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4" />);
export const UsersIcon = icon(<path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3 2.5-5 6-5s6 2 6 5M16 4.5a3.5 3.5 0 0 1 0 6M18 15.5c2 .7 3 2.3 3 4.5" />);
export const ShieldIcon = icon(<path d="M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6zM9 12l2 2 4-4" />);
export const WebhookIcon = icon(<path d="M10 14 20 4M14 4h6v6M18 14v5H5V6h5" />);
export const PersonIcon = icon(<path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-6 8-6s8 2 8 6" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const SearchIcon = icon(<path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4" />);
export const CopyIcon = icon(<path d="M9 9h11v11H9zM5 15H4V4h11v1" />);
export const CheckIcon = icon(<path d="m5 12 5 5 9-10" />);
export const DownloadIcon = icon(<path d="M12 4v11M7 11l5 5 5-5M4 20h16" />);
export const BackIcon = icon(<path d="M19 12H5M11 6l-6 6 6 6" />);
export const ForwardIcon = icon(<path d="M5 12h14M13 6l6 6-6 6" />);
export const StopIcon = icon(<path d="M6 6h12v12H6z" />);
export const MoreIcon = icon(<path d="M12 6v.01M12 12v.01M12 18v.01" strokeWidth={3} />);

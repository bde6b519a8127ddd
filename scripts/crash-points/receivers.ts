/** Who waits for reports while a spool is struck, and how little room it has. */
export const receivers = ['home', 'other'] as const;

export const limits = { maxReports: 14, maxReportBytes: 4_096 } as const;

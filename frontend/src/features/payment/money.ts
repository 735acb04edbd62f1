import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { applicationKey } from '@/api/applications';
import { answer, api, newIdempotencyKey } from '@/api/client';
import type { components } from '@/api/schema.gen';
import type { Session } from '@/api/session';

export type OwnMoney = components['schemas']['OwnMoney'];
export type MyPayment = components['schemas']['MyPayment'];
export type MoneyDesk = components['schemas']['MoneyDesk'];
export type MoneyCase = components['schemas']['MoneyCase'];
export type RefundRequest = components['schemas']['RefundRequest'];
export type BankReceipt = components['schemas']['BankReceiptRequest'];

const moneyKey = (id: string) => ['money', id] as const;
const deskKey = ['money-desk'] as const;

/** How an application is paid, beside its invoice. */
export function useMoney(id: string, enabled = true) {
  return useQuery({
    queryKey: moneyKey(id),
    queryFn: ({ signal }) => answer(api.GET('/api/applications/{id}/money', { params: { path: { id } }, signal })),
    enabled,
  });
}

export function useMyPayments(session: Session | undefined) {
  return useQuery({
    queryKey: ['payments', 'mine', session?.capacity ?? '', session?.bin ?? ''],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/payments', { signal }))).payments,
    enabled: session?.signedIn === true,
    staleTime: 0,
  });
}

function useMoneyAct<V>(id: string, act: (variables: V) => Promise<OwnMoney>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (money) => {
      queries.setQueryData(moneyKey(id), money);
      // The page that acted leads on by itself; the next one asks what the application became.
      void queries.invalidateQueries({ queryKey: applicationKey(id), refetchType: 'none' });
    },
    onError: () => void queries.invalidateQueries({ queryKey: applicationKey(id) }),
  });
}

export function useAttachReceipt(id: string) {
  return useMoneyAct(id, (body: BankReceipt) =>
    answer(api.POST('/api/applications/{id}/receipt', { params: { path: { id } }, body })),
  );
}

export function useGiveUp(id: string) {
  return useMoneyAct(id, () =>
    answer(
      api.POST('/api/applications/{id}/give-up', {
        params: { path: { id }, header: { 'Idempotency-Key': newIdempotencyKey() } },
      }),
    ),
  );
}

/** What an authority's officials must look at about money. */
export function useMoneyDesk() {
  return useQuery({
    queryKey: deskKey,
    queryFn: ({ signal }) => answer(api.GET('/api/authority/money', { signal })),
    refetchInterval: 30_000,
  });
}

/** An act of an official about money; a refusal shows the list anew, for somebody may have been faster. */
export function useDeskAct<V>(act: (variables: V) => Promise<MoneyDesk>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (desk) => queries.setQueryData(deskKey, desk),
    onError: () => queries.invalidateQueries({ queryKey: deskKey }),
  });
}

export const deskActs = {
  confirm: (receiptId: string) =>
    answer(api.POST('/api/authority/money/receipts/{receiptId}/confirm', { params: { path: { receiptId } } })),
  reject: (receiptId: string, remark: string) =>
    answer(
      api.POST('/api/authority/money/receipts/{receiptId}/reject', {
        params: { path: { receiptId } },
        body: { remark },
      }),
    ),
  refund: (caseId: string) =>
    answer(api.POST('/api/authority/money/cases/{caseId}/refund', { params: { path: { caseId } } })),
  close: (caseId: string, remark: string) =>
    answer(api.POST('/api/authority/money/cases/{caseId}/close', { params: { path: { caseId } }, body: { remark } })),
  prepare: (refundId: string) =>
    answer(api.POST('/api/authority/money/refunds/{refundId}/document', { params: { path: { refundId } } })),
  sign: (refundId: string, digest: string, signature: string) =>
    answer(
      api.POST('/api/authority/money/refunds/{refundId}/sign', {
        params: { path: { refundId } },
        body: { digest, signature },
      }),
    ),
};

export const scanAddress = (receiptId: string) => `/api/authority/money/receipts/${encodeURIComponent(receiptId)}/scan`;

export const draftAddress = (refundId: string) =>
  `/api/authority/money/refunds/${encodeURIComponent(refundId)}/draft.pdf`;

export const exportAddress = (from: string, to: string) =>
  `/api/authority/money/export.csv?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`;

export const certificateAddress = (id: string) =>
  `/api/applications/${encodeURIComponent(id)}/files/non-submission.pdf`;

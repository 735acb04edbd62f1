import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { applicationKey } from '@/api/applications';
import { answer, api } from '@/api/client';
import { ApiError, isSilence } from '@/api/problem';
import { takeAnswer } from '@/api/queryClient';
import type { components } from '@/api/schema.gen';
import type { Session } from '@/api/session';
import { usePress } from '@/api/usePress';
import { useAsking } from '@/ui/Dialog';

export type OwnMoney = components['schemas']['OwnMoney'];
export type MyPayment = components['schemas']['MyPayment'];
export type MoneyDesk = components['schemas']['MoneyDesk'];
export type MoneyCase = components['schemas']['MoneyCase'];
export type CaseDecision = components['schemas']['CaseDecision'];
export type RefundRequest = components['schemas']['RefundRequest'];
export type BankReceipt = components['schemas']['BankReceiptRequest'];

export const moneyKey = (id: string) => ['money', id] as const;
/** Under which name this window keeps what was typed from a bank's receipt. */
export const receiptDraft = (id: string) => `receipt:${id}`;

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

function useMoneyAct<V>(id: string, act: (variables: V, key: string) => Promise<OwnMoney>) {
  const queries = useQueryClient();
  const press = usePress();
  return useMutation({
    mutationFn: (variables: V) => press(variables, (key) => act(variables, key)),
    onSuccess: async (money) => {
      await takeAnswer(queries, moneyKey(id), money);
      // The page that acted leads on by itself; the next one asks what the application became.
      void queries.invalidateQueries({ queryKey: applicationKey(id), refetchType: 'none' });
    },
    onError: () => void queries.invalidateQueries({ queryKey: applicationKey(id) }),
  });
}

export function useAttachReceipt(id: string) {
  return useMoneyAct(id, (body: BankReceipt, key) =>
    answer(api.POST('/api/applications/{id}/receipt', { params: { path: { id }, header: keyHeader(key) }, body })),
  );
}

export function useGiveUp(id: string) {
  return useMoneyAct(id, (_: undefined, key) =>
    answer(api.POST('/api/applications/{id}/give-up', { params: { path: { id }, header: keyHeader(key) } })),
  );
}

const keyHeader = (key: string) => ({ 'Idempotency-Key': key });

/** An act of a payer on one of his payments, which has no page of its own. */
function useMineAct(act: (key: string) => Promise<{ payments: MyPayment[] }>) {
  const queries = useQueryClient();
  const press = usePress();
  return useMutation({
    mutationFn: () => press(undefined, act),
    onSettled: () => queries.invalidateQueries({ queryKey: ['payments', 'mine'] }),
  });
}

export function useGiveUpInvoice(invoiceId: string) {
  return useMineAct((key) =>
    answer(api.POST('/api/payments/{invoiceId}/give-up', { params: { path: { invoiceId }, header: keyHeader(key) } })),
  );
}

export function useWithdrawRefund(refundId: string) {
  return useMineAct((key) =>
    answer(
      api.POST('/api/payments/refunds/{refundId}/withdraw', { params: { path: { refundId }, header: keyHeader(key) } }),
    ),
  );
}

/**
 * What an authority's officials must look at about money. While one answers a question about a row, the list is not read anew by itself: the row
 * could go, and what is being typed for it with it.
 */
export function useMoneyDesk() {
  const asking = useAsking();
  return useQuery({
    queryKey: deskKey,
    queryFn: ({ signal }) => answer(api.GET('/api/authority/money', { signal })),
    refetchInterval: asking ? false : 30_000,
    refetchOnWindowFocus: !asking,
    refetchOnReconnect: !asking,
  });
}

/** What the desk offers for a case whose payer has not asked for the certificate. */
export const offersOf = (one: MoneyCase) => ({
  refund: one.refundable,
  accept: one.acceptable,
  close: !one.refundUnderWay,
});

type DeskAct = 'confirm' | 'reject' | 'refund' | 'accept' | 'close' | 'sign' | 'decline';

/** An act that came too late, what it was about, what the server said of it, and what was typed for it. */
export type OvertakenAct = { act: DeskAct; id: string; about: string; error: unknown; unsent?: string | undefined };
export type TellsOvertaken = { onOvertaken: (act: OvertakenAct) => void };

/** Whether the question about an act can still stand on the page. */
function offered(desk: MoneyDesk, act: DeskAct, id: string): boolean {
  const receipt = desk.receipts.find((one) => one.id === id);
  const found = desk.cases.find((one) => one.id === id);
  switch (act) {
    case 'confirm':
      return receipt !== undefined && receipt.amount === receipt.due;
    case 'reject':
      return receipt !== undefined;
    case 'refund':
    case 'accept':
    case 'close':
      return found !== undefined && !found.certificate && offersOf(found)[act];
    case 'sign':
    case 'decline':
      return desk.refunds.some((one) => one.id === id);
  }
}

const isUnderWay = (error: unknown) => error instanceof ApiError && error.code === 'press_under_way';

/** What an official has written for an act, whether it goes alone or with more. */
function typedIn(sent: unknown): string | undefined {
  if (typeof sent === 'string') return sent;
  if (typeof sent !== 'object' || sent === null || !('remark' in sent)) return undefined;
  return typeof sent.remark === 'string' ? sent.remark : undefined;
}

/**
 * An act of an official about money; a refusal shows the list anew, for somebody may have been faster. Then the question that was asked may be
 * gone with its row, and nothing of it is left to tell of the refusal: `onOvertaken` is told. When the answer was lost the question stays as it
 * is: the same press is safe to repeat, and tells what came of the first. A signature is another each time, so there the list is asked.
 */
export function useDeskAct<V>(
  { act, id, about, onOvertaken }: Pick<OvertakenAct, 'act' | 'id' | 'about'> & TellsOvertaken,
  send: (variables: V, key: string) => Promise<MoneyDesk>,
) {
  const queries = useQueryClient();
  const press = usePress();
  return useMutation({
    mutationFn: (variables: V) => press(variables, (key) => send(variables, key)),
    onSuccess: (desk) => takeAnswer(queries, deskKey, desk),
    onError: async (error, variables) => {
      // Nobody has been faster than a press of his own that is still under way.
      if (isUnderWay(error) || (isSilence(error) && act !== 'sign')) return;
      await queries.invalidateQueries({ queryKey: deskKey });
      const desk = queries.getQueryData<MoneyDesk>(deskKey);
      if (!desk || offered(desk, act, id)) return;
      onOvertaken({ act, id, about, error, unsent: typedIn(variables) });
    },
  });
}

const receiptAct = (receiptId: string, key: string) => ({ path: { receiptId }, header: keyHeader(key) });
const caseAct = (caseId: string, key: string) => ({ path: { caseId }, header: keyHeader(key) });
const refundAct = (refundId: string, key: string) => ({ path: { refundId }, header: keyHeader(key) });

export const deskActs = {
  confirm: (id: string, key: string) =>
    answer(api.POST('/api/authority/money/receipts/{receiptId}/confirm', { params: receiptAct(id, key) })),
  reject: (id: string, remark: string, key: string) =>
    answer(
      api.POST('/api/authority/money/receipts/{receiptId}/reject', { params: receiptAct(id, key), body: { remark } }),
    ),
  refund: (id: string, key: string) =>
    answer(api.POST('/api/authority/money/cases/{caseId}/refund', { params: caseAct(id, key) })),
  accept: (id: string, remark: string, key: string) =>
    answer(api.POST('/api/authority/money/cases/{caseId}/accept', { params: caseAct(id, key), body: { remark } })),
  close: (id: string, decision: CaseDecision, key: string) =>
    answer(api.POST('/api/authority/money/cases/{caseId}/close', { params: caseAct(id, key), body: decision })),
  prepare: (id: string, key: string) =>
    answer(api.POST('/api/authority/money/refunds/{refundId}/document', { params: refundAct(id, key) })),
  sign: (id: string, digest: string, signature: string, key: string) =>
    answer(
      api.POST('/api/authority/money/refunds/{refundId}/sign', {
        params: refundAct(id, key),
        body: { digest, signature },
      }),
    ),
  decline: (id: string, remark: string, key: string) =>
    answer(
      api.POST('/api/authority/money/refunds/{refundId}/decline', { params: refundAct(id, key), body: { remark } }),
    ),
};

export const scanAddress = (receiptId: string) => `/api/authority/money/receipts/${encodeURIComponent(receiptId)}/scan`;

export const draftAddress = (refundId: string) =>
  `/api/authority/money/refunds/${encodeURIComponent(refundId)}/draft.pdf`;

export const exportAddress = (from: string, to: string) =>
  `/api/authority/money/export.csv?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`;

export const certificateAddress = (refundId: string) =>
  `/api/payments/refunds/${encodeURIComponent(refundId)}/certificate.pdf`;

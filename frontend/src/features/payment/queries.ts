import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Application, applicationKey, useAct } from '@/api/applications';
import { answer, api } from '@/api/client';
import { takeAnswer } from '@/api/queryClient';
import { usePress } from '@/api/usePress';
import { moneyKey } from './money';

const quickMs = 3000;
const calmMs = 10_000;
const quickCount = 20;

/**
 * Asks the gateway how the payment stands, again and again while the bank works on it: every three seconds for the first minute, then every
 * ten. The answer is the application, which may be filed by then.
 */
export function usePaymentState(id: string, enabled: boolean) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['payment', id],
    queryFn: async ({ signal }) => {
      const application = await answer(
        api.POST('/api/applications/{id}/payment', { params: { path: { id } }, signal }),
        // A question, though it is sent as an act: put off, the question of an ended session would come back with each of these.
        { byItself: true },
      );
      await takeAnswer<Application>(queries, applicationKey(id), application);
      // Money that does not fit is parked by asking.
      void queries.invalidateQueries({ queryKey: moneyKey(id) });
      return application;
    },
    enabled,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: (query) => {
      const pending = query.state.data?.invoice?.paymentState === 'pending';
      if (query.state.data && !pending) return false;
      return query.state.dataUpdateCount < quickCount ? quickMs : calmMs;
    },
  });
  // A question that is asked again begins without the error of the last one; what is not known stays so until it is answered.
  const [refusal, setRefusal] = useState<unknown>();
  const { error, data } = query;
  useEffect(() => {
    if (error) setRefusal(error);
    else if (data) setRefusal(undefined);
  }, [error, data]);
  return { ...query, refusal: error ?? (data ? undefined : refusal) };
}

/** The gateway's page for the one payment of the open invoice. */
export async function payAddress(id: string, key: string): Promise<string> {
  const { pageUrl } = await answer(
    api.POST('/api/applications/{id}/pay', { params: { path: { id }, header: { 'Idempotency-Key': key } } }),
  );
  return pageUrl;
}

export function useReopen(id: string) {
  const press = usePress();
  return useAct(id, () =>
    press(undefined, (key) =>
      answer(
        api.POST('/api/applications/{id}/reopen', { params: { path: { id }, header: { 'Idempotency-Key': key } } }),
      ),
    ),
  );
}

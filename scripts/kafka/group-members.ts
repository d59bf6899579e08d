import type { Admin } from 'kafkajs';

/** Who is in each of these consumer groups at this moment, one line a member: its group, its client's name and the host it comes from. */
export async function groupMembers(admin: Admin, groupIds: readonly string[]): Promise<readonly string[]> {
  const { groups } = await admin.describeGroups([...groupIds]);
  return groups.flatMap(({ groupId, state, members }) =>
    members.length === 0
      ? [`  group  ${groupId}  nobody (${state})`]
      : members.map(
          ({ clientId, clientHost }) => `  group  ${groupId}  ${clientId} at ${clientHost.replace(/^\//, '')}`,
        ),
  );
}

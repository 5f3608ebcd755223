using AspireGateway.Gateway.Accounting;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>Writes what circuits did where people read it.</summary>
internal sealed class CircuitBooks(NpgsqlDataSource source)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Writes changes, each once.</summary>
    /// <exception cref="NpgsqlException">Postgres cannot be reached, or refuses.</exception>
    public async Task WriteAsync(IReadOnlyList<CircuitNote> notes, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        await using var connection = await source.OpenConnectionAsync(limit.Token);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var note in notes)
        {
            // A deployment that was deleted meanwhile has no history any more.
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                """
                insert into circuit_events (id, organisation_id, deployment_id, at, state, reason, until, gateway)
                select $1, organisation_id, id, $3, $4, $5, $6, $7 from deployments d where id = $2
                    -- Each gateway sees that somebody stands in; once is enough.
                    and not ($4 = 'standing_in' and exists (select 1 from circuit_events e where e.deployment_id = d.id and e.state = 'standing_in' and e.until > $3))
                """)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(note.AtMs)) },
                    new NpgsqlParameter<Guid> { TypedValue = note.Deployment },
                    new NpgsqlParameter<DateTimeOffset> { TypedValue = DateTimeOffset.FromUnixTimeMilliseconds(note.AtMs) },
                    new NpgsqlParameter<string> { TypedValue = WordOf(note.Change.State) },
                    new NpgsqlParameter<string> { TypedValue = note.Change.Reason },
                    new NpgsqlParameter { Value = note.Change.UntilMs == 0 ? DBNull.Value : DateTimeOffset.FromUnixTimeMilliseconds(note.Change.UntilMs), NpgsqlDbType = NpgsqlDbType.TimestampTz },
                    new NpgsqlParameter<string> { TypedValue = GatewayInstance.Name },
                },
            });
        }
        await batch.ExecuteNonQueryAsync(limit.Token);
    }

    /// <summary>Removes what is older than a month.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("delete from circuit_events where at < now() - interval '30 days'");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string WordOf(CircuitState state) => state switch
    {
        CircuitState.Open => "open",
        CircuitState.Resting => "resting",
        CircuitState.Recovering => "recovering",
        CircuitState.StandingIn => "standing_in",
        _ => "closed",
    };
}

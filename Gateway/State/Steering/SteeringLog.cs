using System.Text.Json.Serialization;
using System.Threading.Channels;
using AspireGateway.Shared.Domain.Routing;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.State.Steering;

/// <summary>Writes what this gateway noticed or did to Postgres, off the way of any request. While Postgres is away events wait, as many as there is room for.</summary>
internal sealed partial class SteeringLog(NpgsqlDataSource source, TimeProvider time, ILogger<SteeringLog> logger) : BackgroundService
{
    private const int Capacity = 1024;

    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<SteeringEvent> waiting = Channel.CreateBounded<SteeringEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Has an event written; of the same subject, type and occurrence only the first is kept. False when too many wait.</summary>
    public bool TryWrite(SteeringEvent happened) => waiting.Writer.TryWrite(happened);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isFailing = false;
        await foreach (var happened in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            while (true)
            {
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    limit.CancelAfter(WriteLimit);
                    await WriteAsync(happened, limit.Token);
                    isFailing = false;
                    break;
                }
                catch (Exception) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (PostgresException fault) when (fault.SqlState is ['2', '3', ..])
                {
                    // The organisation is gone.
                    break;
                }
                catch (Exception fault)
                {
                    if (!isFailing) Log.CannotWrite(logger, fault.GetType().Name);
                    isFailing = true;
                    await Task.Delay(Pause, time, stoppingToken);
                }
            }
        }
    }

    private async Task WriteAsync(SteeringEvent happened, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            insert into steering_events (id, organisation_id, type, subject_id, occurrence, detail, at) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (subject_id, type, occurrence) do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = happened.Id });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = happened.OrganisationId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = happened.Type });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = happened.SubjectId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = happened.Occurrence });
        command.Parameters.Add(new NpgsqlParameter { Value = happened.Detail, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = happened.At.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Events of pins and canaries cannot be written to Postgres ({Fault}); they wait")]
        public static partial void CannotWrite(ILogger logger, string fault);
    }
}

/// <summary>What is told of a version that was not the pinned one.</summary>
/// <param name="Model">The logical model.</param>
/// <param name="ScopeKind">Whose requests are pinned.</param>
/// <param name="Deployment">Where it went.</param>
/// <param name="Expected">The version that replies should name.</param>
/// <param name="Served">The version that one named.</param>
internal sealed record PinMismatchDetail(string Model, string ScopeKind, string? Deployment, string Expected, string Served);

/// <summary>JSON of events' details.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PinMismatchDetail))]
internal sealed partial class SteeringLogJson : JsonSerializerContext;

using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Anomalies;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Brakes;

/// <summary>
/// Does what policies say about keys that run away: once for each alert, whichever portal looks and wherever one died. That an alert was answered, the answer, its audit entry and what gateways are told are one
/// transaction; an alert that nobody answered yet is found by the next look.
/// </summary>
internal sealed partial class ApplyPolicies(NpgsqlDataSource database, ConfigurationWriter writer, ILogger<ApplyPolicies> logger)
{
    /// <summary>Who acts in the audit.</summary>
    public const string Watch = "anomaly watch";

    /// <summary>Actions in the audit.</summary>
    public const string StopAction = "key_brake.stop", ThrottleAction = "key_brake.throttle", EndAction = "key_brake.end";

    /// <summary>The action that made a brake.</summary>
    public static string ActionOf(KeyBrake brake) => brake.Kind == AnomalyResponses.Stop ? StopAction : ThrottleAction;

    /// <summary>One look: answers what was raised and is not muted.</summary>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var alert in await OpenAsync(now, cancellationToken))
        {
            try
            {
                var done = alert.HasPolicy ? await ActAsync(alert, cancellationToken) : false;
                if (done.Failure is { } failure) Log.NotDone(logger, alert.KeyId, failure.Message, null);
                else if (!done.Value) await NoteAsync(alert, now, cancellationToken);
            }
            catch (DbUpdateException refused)
            {
                // Whatever is wrong with one of them, the others are answered, and people are told of all.
                Log.NotDone(logger, alert.KeyId, "the database refused it", refused);
            }
        }
    }

    /// <summary>Writes down what is over by its time. Gateways know by themselves.</summary>
    public async Task EndAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var over = await database.ReadAsync("select id, organisation_id from key_brakes where ended_at is null and until <= @now order by until limit 500", r => (Id: r.GetGuid(0), Organisation: r.GetGuid(1)), cancellationToken, Sql.Time("now", now));
        foreach (var (id, organisation) in over)
            await writer.WriteAsync<Done>(ActorOf(organisation), async (write, token) =>
            {
                var brake = await write.Context.KeyBrakes.FirstOrDefaultAsync(b => b.Id == id && b.EndedAt == null, token);
                if (brake is null) return new Done();
                var before = KeyBrakeDetails.Of(brake);
                (brake.EndedAt, brake.EndedBy) = (brake.Until, Watch);
                write.Record(EndAction, ConfigurationKinds.KeyBrake, id, organisation, before, KeyBrakeDetails.Of(brake), DocumentJson.Default.KeyBrakeDetails);
                return new Done();
            }, cancellationToken);
    }

    private Task<List<Spike>> OpenAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAsync($"""
        select a.id, a.organisation_id, k.id, k.team_id, a.value, a.usual, a.usual_rate, exists (select from anomaly_policies p where p.organisation_id = a.organisation_id)
        from alerts a join virtual_keys k on k.organisation_id = a.organisation_id and k.id = case when starts_with(a.subject, 'key:') then substring(a.subject from 5)::uuid end
        where a.closed_at is null and a.decided_at is null and a.kind = '{AlertKinds.CostSpike}' and a.tier = '{AlertTiers.Page}'
            and not exists (select from alert_mutes m where {AlertBook.Covers})
        order by a.id
        """, r => new Spike(r.GetGuid(0), r.GetGuid(1), r.GetGuid(2), r.GetGuid(3), r.GetDouble(4), r.GetDouble(5), r.GetDouble(6), r.GetBoolean(7)), cancellationToken, Sql.Time("now", now));

    // Nothing was to do: policies that come later decide on what begins later.
    private async Task NoteAsync(Spike alert, DateTimeOffset now, CancellationToken cancellationToken) => await database.ReadAsync(
        "update alerts set decided_at = @now where id = @id and decided_at is null returning id", r => r.GetGuid(0), cancellationToken, Sql.Id("id", alert.Id), Sql.Time("now", now));

    // False where no policy says anything.
    private Task<Result<bool>> ActAsync(Spike alert, CancellationToken cancellationToken) => writer.WriteAsync<bool>(ActorOf(alert.Organisation), async (write, token) =>
    {
        var (context, key, team) = (write.Context, alert.KeyId.ToString(), alert.TeamId.ToString());
        // Under the organisation's lock: neither policies nor another portal's answer change any more.
        var claimed = await context.Database.ExecuteSqlAsync($"update alerts set decided_at = {write.Now} where id = {alert.Id} and decided_at is null and closed_at is null", token);
        if (claimed == 0) return true;
        var policies = await context.AnomalyPolicies.AsNoTracking()
            .Where(p => p.OrganisationId == alert.Organisation && (p.ScopeId == null || p.ScopeId == key || p.ScopeId == team)).ToListAsync(token);
        var settings = AnomalyPolicy.Nearest(policies, alert.TeamId, alert.KeyId)?.Settings;
        if (settings is null or { OnAnomaly: AnomalyResponses.None }) return false;
        var isStop = settings.OnAnomaly == AnomalyResponses.Stop;
        var brake = new KeyBrake
        {
            Id = write.NewId(), OrganisationId = alert.Organisation, KeyId = alert.KeyId, AlertId = alert.Id, Kind = settings.OnAnomaly, RequestsPerMinute = isStop ? null : settings.Ceiling(alert.UsualRate),
            Reason = ReasonOf(alert), CreatedAt = write.Now, Until = settings.Until(write.Now),
        };
        context.KeyBrakes.Add(brake);
        write.Record(ActionOf(brake), ConfigurationKinds.KeyBrake, brake.Id, alert.Organisation, null, KeyBrakeDetails.Of(brake), DocumentJson.Default.KeyBrakeDetails);
        return true;
    }, cancellationToken);

    // Its caller reads it, who knows what the key costs.
    private static string ReasonOf(Spike alert) => $"Anomaly: it cost {Usd(alert.Value)} within ten minutes, {Usd(alert.Usual)} are usual at this time";

    private static string Usd(double value) => Money.Text((long)(value * 1e9));

    private static Actor ActorOf(Guid organisation) => new() { Name = Watch, Roles = [], OrganisationId = organisation };

    /// <summary>An alert that nobody answered yet.</summary>
    private sealed record Spike(Guid Id, Guid Organisation, Guid KeyId, Guid TeamId, double Value, double Usual, double UsualRate, bool HasPolicy);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What a policy says about key {Key} was not done, and is tried again: {Reason}")]
        public static partial void NotDone(ILogger logger, Guid key, string reason, Exception? fault);
    }
}

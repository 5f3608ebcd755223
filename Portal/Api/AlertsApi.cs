using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Mutes;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/alerts</c>.</summary>
internal static class AlertsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/alerts").WithTags("alerts");

        group.MapGet("/", (HttpContext http, AlertsQuery query, bool? open, string? state, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), open, state, after, limit, stop).Ok())
            .WithSummary("Lists what was unusual, newest first; open=true for what still is, state=active, acknowledged, muted or past.")
            .Answers<Page<AlertRow>>("ListAlerts");

        group.MapPost("/{id:guid}/acknowledge", (HttpContext http, AcknowledgeAlert command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Says that somebody looks after it; it stays open until it is over.")
            .Answers<AlertRow>("AcknowledgeAlert");

        group.MapPost("/{id:guid}/mute", (HttpContext http, MuteAlert command, Guid id, MuteRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Keeps what it is about quiet until a time.")
            .Answers<MuteDetails>("MuteAlert");

        group.MapGet("/mutes", (HttpContext http, MutesQuery query, CancellationToken stop) => query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("Lists what is quiet now.").Answers<Page<MuteDetails>>("ListAlertMutes");

        group.MapDelete("/mutes/{id:guid}", (HttpContext http, EndMute command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent())
            .WithSummary("Ends a mute before its time.").AnswersNothing("EndAlertMute");

        group.MapGet("/policies", (HttpContext http, AnomalyPoliciesQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<AnomalyPolicyRow>>("ListAnomalyPolicies");

        group.MapGet("/policies/{id:guid}", (HttpContext http, AnomalyPoliciesQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<AnomalyPolicyRow>("GetAnomalyPolicy");

        group.MapPut("/policies", (HttpContext http, SetAnomalyPolicy command, SetAnomalyPolicyRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Sets what becomes of a key of the organisation, a team or that key itself when it runs away: nothing, a throttle or a stop; replaces what was set on it.")
            .Answers<AnomalyPolicyDetails>("SetAnomalyPolicy");

        group.MapDelete("/policies/{id:guid}", (HttpContext http, DeleteAnomalyPolicy command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteAnomalyPolicy");

        group.MapGet("/actions", (HttpContext http, KeyBrakesQuery query, Guid? key, bool? active, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), key, active, after, limit, stop).Ok())
            .WithSummary("Lists keys that policies stopped or throttled, newest first; active=true for those that still are, key= for one.")
            .Answers<Page<KeyBrakeRow>>("ListAnomalyActions");

        group.MapPost("/actions/{id:guid}/lift", (HttpContext http, LiftKeyBrake command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Lets a key go that a policy stopped or throttled: it is served again within a second.")
            .Answers<KeyBrakeDetails>("LiftAnomalyAction");
    }
}

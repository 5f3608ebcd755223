using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>The values of a key that its holders may set, checked.</summary>
internal sealed record KeySettings
{
    private const long MinBytes = 1024, MaxBytes = 1024 * 1024 * 1024;

    private KeySettings(FieldChecks checks, KeyValuesRequest r)
    {
        checks.Range("max_body_bytes", r.MaxBodyBytes, MinBytes, MaxBytes);
        checks.Range("max_multipart_bytes", r.MaxMultipartBytes, MinBytes, MaxBytes);
        Name = checks.Text("name", r.Name);
        AllowedModels = checks.Patterns("allowed_models", r.AllowedModels);
        AllowedRegions = checks.Regions("allowed_regions", r.AllowedRegions);
        DefaultModel = checks.AllowedReference("default_model", r.DefaultModel, AllowedModels);
        Feature = checks.Optional("feature", r.Feature);
        UserId = checks.Optional("user_id", r.UserId, ScopeFinder.MaxName);
        Agent = checks.Optional("agent", r.Agent, ScopeFinder.MaxName);
        Priority = checks.Choice("priority", r.Priority, PriorityClasses.All, PriorityClasses.Normal);
        HoldPolicy = checks.Choice("hold_policy", r.HoldPolicy, HoldPolicies.All, HoldPolicies.Exact);
        GuardrailLevel = string.IsNullOrEmpty(r.GuardrailLevel) ? null : checks.Choice("guardrail_level", r.GuardrailLevel, GuardrailLevels.Floors);
        Approval = ApprovalPolicy.Read(checks, r.ApprovalThresholdUsd, r.ApprovalThresholdNanoUsd, r.ApprovalAction, r.ApprovalModel, AllowedModels);
        (MaxBodyBytes, MaxMultipartBytes, ExpiresAt) = (r.MaxBodyBytes, r.MaxMultipartBytes, r.ExpiresAt);
    }

    public string Name { get; }

    public string[] AllowedModels { get; }

    public string[] AllowedRegions { get; }

    public string? DefaultModel { get; }

    public string? Feature { get; }

    public string? UserId { get; }

    public string? Agent { get; }

    public string Priority { get; }

    public string HoldPolicy { get; }

    public string? GuardrailLevel { get; }

    public ApprovalPolicy Approval { get; }

    public long? MaxBodyBytes { get; }

    public long? MaxMultipartBytes { get; }

    public DateTimeOffset? ExpiresAt { get; }

    public static KeySettings Read(FieldChecks checks, KeyValuesRequest request) => new(checks, request);

    /// <summary>What only the database can tell: the team's ceiling, names that are taken, models that do not exist, and what the actor may not give.</summary>
    /// <param name="context">The change's rows.</param>
    /// <param name="actor">Who sets them.</param>
    /// <param name="team">The key's team.</param>
    /// <param name="key">The key before the change; null = it is new.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Actor actor, Team team, VirtualKey? key, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        // A key's star must be covered by one of the team's, which matching the patterns as texts says.
        foreach (var pattern in AllowedModels.Where(p => !ModelPattern.AnyMatches(team.AllowedModels, p)))
            checks.Add("allowed_models", $"{pattern} is not within the models of team {team.Name}: {string.Join(", ", team.AllowedModels)}.");
        if (DefaultModel is not null && !ModelPattern.AnyMatches(team.AllowedModels, DefaultModel))
            checks.Add("default_model", $"{DefaultModel} is not within the models of team {team.Name}: {string.Join(", ", team.AllowedModels)}.");
        if (Approval.Model is not null && !ModelPattern.AnyMatches(team.AllowedModels, Approval.Model))
            checks.Add("approval_model", $"{Approval.Model} is not within the models of team {team.Name}: {string.Join(", ", team.AllowedModels)}.");
        // Who may not lift a budget may not give a key that overspends it, and nobody moves up the queue by a key of their own.
        checks.Must(
            HoldPolicy == HoldPolicies.Exact || HoldPolicy == key?.HoldPolicy || Permissions.Of(actor, Permission.ManageBudgets) == Reach.Organisation,
            "hold_policy", $"hold_policy {HoldPolicy} lets budgets be overspent: an organisation admin may give it.");
        checks.Must(
            Priority != PriorityClasses.High || Priority == key?.Priority || Permissions.Of(actor, Permission.ManageKeys) > Reach.Own,
            "priority", "priority high is for a team lead to give.");
        if (checks.Failure is { } faults) return faults;
        if (await ModelNames.CheckAsync(context, team.OrganisationId, "default_model", DefaultModel, cancellationToken) is { } unknown) return unknown;
        if (await ModelNames.CheckAsync(context, team.OrganisationId, "approval_model", Approval.Model, cancellationToken) is { } noModel) return noModel;
        var (name, id) = (Name, key?.Id);
        var taken = await context.VirtualKeys.AnyAsync(k => k.TeamId == team.Id && k.Name == name && k.RevokedAt == null && k.Id != id, cancellationToken);
        return taken ? new Failure.Conflict($"Team {team.Name} has a key with this name already. Choose another one.", "name") : null;
    }

    public void Apply(VirtualKey key)
    {
        (key.Name, key.AllowedModels, key.DefaultModel, key.Feature, key.UserId, key.Agent) = (Name, AllowedModels, DefaultModel, Feature, UserId, Agent);
        (key.Priority, key.HoldPolicy, key.AllowedRegions, key.GuardrailLevel) = (Priority, HoldPolicy, AllowedRegions, GuardrailLevel);
        (key.ApprovalThresholdNanoUsd, key.ApprovalAction, key.ApprovalModel) = (Approval.ThresholdNanoUsd, Approval.Action, Approval.Model);
        (key.MaxBodyBytes, key.MaxMultipartBytes, key.ExpiresAt) = (MaxBodyBytes, MaxMultipartBytes, ExpiresAt?.ToUniversalTime());
    }
}

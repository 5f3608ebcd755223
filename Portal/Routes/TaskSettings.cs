using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>The values of a task, checked.</summary>
internal sealed record TaskSettings(string Name, string[] Words, string[] Patterns) : IRouteSettings<RoutingTask>
{
    private const int MaxPatterns = 10;

    public static TaskSettings Read(FieldChecks checks, TaskRequest request)
    {
        var name = checks.ModelName("name", request.Name);
        checks.Must(!TaskLabels.All.Contains(name, StringComparer.Ordinal), "name", "name is one of the classifier's own tasks. Choose another one.");
        string[] words = [.. (request.Words ?? []).Select(word => word?.Trim() ?? "").Distinct(StringComparer.OrdinalIgnoreCase)];
        string[] patterns = [.. request.Patterns ?? []];
        if (words.Length > 0) RuleSettings.Names(checks, "words", words);
        checks.Must(patterns.Length <= MaxPatterns, "patterns", $"patterns holds at most {MaxPatterns} entries.");
        foreach (var pattern in patterns) RuleSettings.Pattern(checks, "patterns", pattern ?? "");
        checks.Must(words.Length + patterns.Length > 0, "words", "words or patterns says how the task is told: at least one is needed.");
        return new(name, words, patterns);
    }

    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid id, CancellationToken cancellationToken) =>
        await context.RoutingTasks.AnyAsync(t => t.OrganisationId == organisation && t.Name == Name && t.Id != id, cancellationToken)
            ? new Failure.Conflict("There is a task of this name already.", "name")
            : null;

    public void Apply(RoutingTask task) => (task.Name, task.Words, task.Patterns) = (Name, Words, Patterns);
}

using System.Globalization;
using System.Text.Json;
using AspireGateway.Gateway.Routing.Rules.Patterns;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>Makes an organisation's rules ready, once for each snapshot. A rule that cannot be read, or whose target is gone, never holds and is a fault of the configuration.</summary>
internal static class RuleCompiler
{
    /// <summary>Compiles rules and tasks.</summary>
    /// <param name="rules">Rules in their order; null = none.</param>
    /// <param name="tasks">Own tasks; null = none.</param>
    /// <param name="find">Finds a model by its name or as <c>provider/model</c>.</param>
    /// <param name="deployments">Every deployment that can serve.</param>
    /// <param name="fault">Told of what is wrong: the row's id and why.</param>
    public static CompiledRules Compile(
        IReadOnlyList<RuleRow>? rules, IReadOnlyList<TaskRow>? tasks, Func<string, ModelSnapshot?> find, IEnumerable<DeploymentSnapshot> deployments, Action<Guid, string> fault)
    {
        if (rules is not { Count: > 0 } && tasks is not { Count: > 0 }) return CompiledRules.None;
        var byName = new Dictionary<string, DeploymentSnapshot>(StringComparer.Ordinal);
        foreach (var deployment in deployments) byName.TryAdd(deployment.Name, deployment);
        var compiled = new List<CompiledRule>();
        var patterns = new PatternSet.Builder();
        foreach (var row in rules ?? [])
        {
            var rule = Compile(row, find, byName, patterns);
            if (rule.Fault is { } reason) fault(row.Id, reason);
            compiled.Add(rule);
        }
        CompiledTask[] known = [.. (tasks ?? []).Select(row => Compile(row, patterns, fault))];
        return new([.. compiled], known, patterns.Build());
    }

    private static CompiledTask Compile(TaskRow row, PatternSet.Builder patterns, Action<Guid, string> fault)
    {
        var places = new List<int>();
        foreach (var pattern in row.Patterns)
        {
            if (patterns.Add(pattern) is { } place) places.Add(place);
            else fault(row.Id, "one of its patterns cannot be used");
        }
        return new(row.Name, row.Words.Length == 0 ? null : new WordSet(row.Words), [.. places]);
    }

    private static CompiledRule Compile(
        RuleRow row, Func<string, ModelSnapshot?> find, Dictionary<string, DeploymentSnapshot> deployments, PatternSet.Builder patterns)
    {
        var (id, reason) = (row.Id.ToString(), "rule:" + row.Name);
        try
        {
            var when = JsonSerializer.Deserialize(row.Conditions, RuleJson.Default.RuleConditions);
            var then = JsonSerializer.Deserialize(row.Action, RuleJson.Default.RuleAction);
            if (when is null || then is null) return Broken("it cannot be read");
            var conditions = new List<ICondition>();
            // What it sends to must be able to do it, which a rule that catches everything cannot know.
            if (when.Operations is null && (then.Model ?? then.Deployment) is not null) when = when with { Operations = RuleOperations.OfConversations };
            if (Add(conditions, when, patterns) is { } wrong) return Broken(wrong);
            ModelSnapshot? target = null;
            if (then.Model is { } model)
            {
                target = find(model);
                if (target is null) return Broken("its model is gone");
            }
            else if (then.Deployment is { } name)
            {
                if (!deployments.TryGetValue(name, out var deployment)) return Broken("its deployment is gone");
                target = Alone(deployment, find);
            }
            else if (then is { Strategy: null, Deny: null })
            {
                return Broken("it does nothing");
            }
            return new(id, row.Name, reason, [.. conditions.OrderBy(condition => condition.Cost)], target, then.Strategy, then.Deny, null);
        }
        catch (JsonException)
        {
            return Broken("it cannot be read");
        }

        CompiledRule Broken(string why) => new(id, row.Name, reason, [], null, null, null, why);
    }

    // The same name as provider/model, by which permissions know it, but no other deployment behind it.
    private static ModelSnapshot Alone(DeploymentSnapshot deployment, Func<string, ModelSnapshot?> find)
    {
        var name = $"{deployment.Provider.Slug}/{deployment.UpstreamModel}";
        return new ModelSnapshot
        {
            Name = name, CreatedAt = find(name)?.CreatedAt ?? DateTimeOffset.UnixEpoch, Strategy = Shared.Domain.RoutingStrategies.Priority, Deployments = [deployment],
        };
    }

    private static string? Add(List<ICondition> list, RuleConditions when, PatternSet.Builder patterns)
    {
        if (when.Operations is { } operations) list.Add(new OperationsCondition([.. operations]));
        if (when.Models is { } models) list.Add(new ModelsCondition([.. models]));
        if (when.Keys is { } keys) list.Add(new CallerCondition([.. keys], isTeam: false));
        if (when.Teams is { } teams) list.Add(new CallerCondition([.. teams], isTeam: true));
        if (when.Users is { } users) list.Add(new NameCondition(BookedName.User, [.. users]));
        if (when.Features is { } features) list.Add(new NameCondition(BookedName.Feature, [.. features]));
        if (when.Agents is { } agents) list.Add(new NameCondition(BookedName.Agent, [.. agents]));
        if (when.PromptTokens is { } prompt) list.Add(new SizeCondition(Size.PromptTokens, prompt));
        if (when.MaxTokens is { } cap) list.Add(new SizeCondition(Size.MaxTokens, cap));
        if (when.Turns is { } turns) list.Add(new SizeCondition(Size.Turns, turns));
        AddPresence(list, Presence.Tools, when.Tools);
        AddPresence(list, Presence.Images, when.Images);
        AddPresence(list, Presence.Audio, when.Audio);
        AddPresence(list, Presence.Documents, when.Documents);
        AddPresence(list, Presence.JsonSchema, when.JsonSchema);
        AddPresence(list, Presence.Code, when.HasCode);
        if (when.Tags is { Count: > 0 } tags) list.Add(new TagsCondition(tags));
        if (when.Tiers is { } tiers) list.Add(new TiersCondition([.. tiers]));
        if (when.Budget is { } budget) list.Add(new BudgetUseCondition(budget));
        if (when.Tasks is { } tasks) list.Add(new TaskCondition([.. tasks], when.TaskConfidence ?? 0));
        else if (when.TaskConfidence is not null) return "it asks how sure a task is, but names none";
        if (when.Complexity is { } complexity) list.Add(new ComplexityCondition([.. complexity]));
        if (when.AnyWords is { Count: > 0 } any) list.Add(new WordsCondition(new WordSet(any), all: false));
        if (when.AllWords is { Count: > 0 } all) list.Add(new WordsCondition(new WordSet(all), all: true));
        if (when.Pattern is { } pattern)
        {
            if (patterns.Add(pattern) is not { } place) return "its pattern cannot be used";
            list.Add(new PatternCondition(place));
        }
        return AddTime(list, when);
    }

    private static void AddPresence(List<ICondition> list, Presence what, bool? wanted)
    {
        if (wanted is { } there) list.Add(new PresenceCondition(what, there));
    }

    private static string? AddTime(List<ICondition> list, RuleConditions when)
    {
        if (when is { Days: null, From: null, Until: null }) return null;
        var days = 0;
        foreach (var day in when.Days ?? Weekdays.All)
        {
            var at = Weekdays.All.ToList().IndexOf(day);
            if (at < 0) return "it names a day that there is not";
            days |= 1 << at;
        }
        if (!TryTime(when.From, out var from) || !TryTime(when.Until, out var until)) return "its time of day cannot be read";
        list.Add(new TimeCondition(days, from, until));
        return null;
    }

    private static bool TryTime(string? text, out TimeSpan? time)
    {
        time = null;
        if (text is null) return true;
        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)) return false;
        time = read.ToTimeSpan();
        return true;
    }
}

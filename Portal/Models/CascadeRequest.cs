using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Models;

/// <summary>A cascade's settings; what is missing is as usual.</summary>
public sealed record CascadeRequest
{
    private const int MaxRubric = 2_000, MaxCharacters = 100_000;

    /// <summary>Deployments of the model in the order of the steps; missing or empty = all of them in their order.</summary>
    public IReadOnlyList<Guid>? Steps { get; init; }

    /// <summary>The score from which an answer stands, 0 to 1; usually 0.8.</summary>
    public double? Threshold { get; init; }

    /// <summary>What is looked at, of <c>finish_reason</c>, <c>refusal</c>, <c>length</c>, <c>schema</c>, <c>logprobs</c>; missing or empty = all.</summary>
    public IReadOnlyList<string>? Checks { get; init; }

    /// <summary>Fewest characters of an answer, 1 to 100,000; usually 1.</summary>
    public int? MinCharacters { get; init; }

    /// <summary>A model that scores answers which pass everything else; missing = none.</summary>
    public CascadeJudgeRequest? Judge { get; init; }

    /// <summary>The settings, checked against the model's deployments.</summary>
    internal CascadeSettings Read(FieldChecks checks, IReadOnlyList<Guid> deployments)
    {
        var steps = Steps ?? [];
        checks.Must(steps.Count != 1, "cascade", "cascade.steps names at least two deployments, or none for all of the model's.");
        checks.Must(steps.Distinct().Count() == steps.Count, "cascade", "cascade.steps names a deployment twice.");
        checks.Must(steps.All(deployments.Contains), "cascade", "cascade.steps names a deployment that is not among the model's.");
        checks.Must(Threshold is null or (>= 0 and <= 1), "cascade", "cascade.threshold must be between 0 and 1.");
        checks.Must(MinCharacters is null or (>= 1 and <= MaxCharacters), "cascade", $"cascade.min_characters must be between 1 and {MaxCharacters}.");
        var looked = CascadeChecks.All.Where(c => Checks?.Contains(c, StringComparer.Ordinal) == true).ToList();
        checks.Must(looked.Count == (Checks ?? []).Distinct(StringComparer.Ordinal).Count(), "cascade", $"cascade.checks are of {string.Join(", ", CascadeChecks.All)}.");
        CascadeJudge? judge = null;
        if (Judge is { } asked)
        {
            var model = checks.ModelReference("cascade", asked.Model);
            var rubric = asked.Rubric?.Trim() ?? "";
            checks.Must(model is not null, "cascade", "cascade.judge.model names a model or provider/model.");
            checks.Must(rubric.Length is > 0 and <= MaxRubric, "cascade", $"cascade.judge.rubric says in 1 to {MaxRubric} characters what makes an answer good.");
            if (model is not null) judge = new() { Model = model, Rubric = rubric };
        }
        return new() { Steps = [.. steps], Threshold = Threshold, Checks = looked, MinCharacters = MinCharacters, Judge = judge };
    }
}

/// <summary>A model that scores answers.</summary>
public sealed record CascadeJudgeRequest
{
    /// <summary>A logical model, or <c>provider/model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>What makes an answer good, at most 2,000 characters.</summary>
    public string? Rubric { get; init; }
}

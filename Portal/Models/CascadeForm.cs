using System.Globalization;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Models;

/// <summary>A cascade's settings while somebody edits them.</summary>
public sealed class CascadeForm
{
    /// <summary>Deployments of the model that are no steps.</summary>
    public ISet<Guid> Behind { get; } = new HashSet<Guid>();

    /// <summary>Checks that are made.</summary>
    public ISet<string> Checks { get; } = new HashSet<string>(CascadeChecks.All, StringComparer.Ordinal);

    /// <summary>The score from which an answer stands; null = as usual.</summary>
    public double? Threshold { get; set; }

    /// <summary>Fewest characters; null = 1.</summary>
    public int? MinCharacters { get; set; }

    /// <summary>The judge's model; empty = no judge.</summary>
    public string JudgeModel { get; set; } = "";

    /// <summary>The judge's rubric.</summary>
    public string Rubric { get; set; } = "";

    /// <summary>Of a model's settings.</summary>
    /// <param name="cascade">The settings; null = as usual.</param>
    /// <param name="places">The model's deployments; steps are put first, in their order.</param>
    public static CascadeForm Of(CascadeSettings? cascade, IList<Guid> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        var form = new CascadeForm { Threshold = cascade?.Threshold, MinCharacters = cascade?.MinCharacters, JudgeModel = cascade?.Judge?.Model ?? "", Rubric = cascade?.Judge?.Rubric ?? "" };
        if (cascade is null) return form;
        if (cascade.Checks.Count > 0) form.Checks.IntersectWith(cascade.Checks);
        if (cascade.Steps.Count == 0) return form;
        form.Behind.UnionWith(places.Except(cascade.Steps));
        Guid[] ordered = [.. cascade.Steps.Where(places.Contains), .. places.Where(form.Behind.Contains)];
        places.Clear();
        foreach (var place in ordered) places.Add(place);
        return form;
    }

    /// <summary>What is sent.</summary>
    public CascadeRequest ToRequest(IReadOnlyList<Guid> places) => new()
    {
        Steps = places.Any(Behind.Contains) ? [.. places.Where(p => !Behind.Contains(p))] : null,
        Threshold = Threshold, MinCharacters = MinCharacters,
        Checks = Checks.Count == CascadeChecks.All.Count ? null : [.. CascadeChecks.All.Where(Checks.Contains)],
        Judge = JudgeModel.Length == 0 && Rubric.Length == 0 ? null : new() { Model = JudgeModel, Rubric = Rubric },
    };

    /// <summary>A check in words.</summary>
    public static string Words(string check) => check switch
    {
        CascadeChecks.FinishReason => "Cut off",
        CascadeChecks.Refusal => "Refused",
        CascadeChecks.Length => "Too short",
        CascadeChecks.Schema => "Not the JSON asked for",
        CascadeChecks.Logprobs => "Unsure (log probabilities)",
        _ => check,
    };

    /// <summary>The usual threshold, as text.</summary>
    public static string UsualThreshold { get; } = CascadeSettings.DefaultThreshold.ToString(CultureInfo.InvariantCulture);
}

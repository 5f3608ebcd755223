using System.Reflection;
using System.Text.Json;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>A guardrail as its annotation describes it.</summary>
public sealed class GuardrailDescription
{
    private readonly GuardrailAttribute described;
    private readonly PropertyInfo property;
    private readonly Func<GuardrailSettings, GuardrailRule?> read;

    private GuardrailDescription(PropertyInfo property, GuardrailAttribute described)
    {
        (this.property, this.described) = (property, described);
        read = property.GetMethod!.CreateDelegate<Func<GuardrailSettings, GuardrailRule?>>();
        Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        Actions = described.Default is null ? [] : ActionsOf(GuardrailActions.All);
        ReplyActions = described.Replies ? ActionsOf(GuardrailActions.OfReplies) : [];
    }

    /// <summary>All of them, in the order in which they look at a prompt where no policy says otherwise.</summary>
    public static IReadOnlyList<GuardrailDescription> All { get; } =
    [
        .. typeof(GuardrailSettings).GetProperties()
            .Select(p => (Property: p, Described: p.GetCustomAttribute<GuardrailAttribute>())).Where(p => p.Described is not null)
            .OrderBy(p => p.Described!.Order).Select(p => new GuardrailDescription(p.Property, p.Described!)),
    ];

    /// <summary>Its name, as policies, records, headers and metrics have it.</summary>
    public string Name { get; }

    /// <summary>What it looks for, as a title.</summary>
    public string Title => described.Title;

    /// <summary>What it looks for, in a sentence.</summary>
    public string LooksFor => described.LooksFor;

    /// <summary>What may become of a prompt, by strictness; empty = it does not look at prompts.</summary>
    public IReadOnlyList<string> Actions { get; }

    /// <summary>What may become of a reply, by strictness; empty = it does not look at replies.</summary>
    public IReadOnlyList<string> ReplyActions { get; }

    /// <summary>What becomes of a prompt where a rule names no action.</summary>
    public string DefaultAction => described.Default ?? GuardrailActions.Block;

    /// <summary>Whether it finds stretches of text that a placeholder can stand for.</summary>
    public bool Masks => described.Masks;

    /// <summary>The one of that name; null = there is none.</summary>
    public static GuardrailDescription? Of(string name) => All.FirstOrDefault(d => d.Name == name);

    /// <summary>Its rule among settings; null = they do not name it.</summary>
    public GuardrailRule? RuleIn(GuardrailSettings settings) => read(settings);

    /// <summary>Sets its rule among settings that nobody else holds yet.</summary>
    public void Put(GuardrailSettings settings, GuardrailRule? rule) => property.SetValue(settings, rule);

    private IReadOnlyList<string> ActionsOf(IReadOnlyList<string> all) =>
        [.. all.Where(a => (described.Masks || a != GuardrailActions.Mask) && (described.Defers || a is not (GuardrailActions.Reroute or GuardrailActions.Quarantine)))];
}

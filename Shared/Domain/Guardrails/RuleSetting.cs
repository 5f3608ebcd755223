using System.Reflection;
using System.Text.Json;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>A setting of a rule as its annotation describes it.</summary>
public sealed class RuleSetting
{
    private RuleSetting(PropertyInfo property, SettingAttribute shown)
    {
        (Property, Shown) = (property, shown);
        Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
    }

    /// <summary>All of them, as they are declared.</summary>
    public static IReadOnlyList<RuleSetting> All { get; } =
    [
        .. typeof(GuardrailRule).GetProperties()
            .Select(p => (Property: p, Shown: p.GetCustomAttribute<SettingAttribute>())).Where(p => p.Shown is not null)
            .OrderBy(p => p.Shown!.Order).Select(p => new RuleSetting(p.Property, p.Shown!)),
    ];

    /// <summary>Its name in the API.</summary>
    public string Name { get; }

    /// <summary>How it is drawn and what it may hold.</summary>
    public SettingAttribute Shown { get; }

    /// <summary>What it holds: a text, a list of texts, a number or a yes or no.</summary>
    public Type Type { get; }

    private PropertyInfo Property { get; }

    /// <summary>Whether a guardrail has it.</summary>
    public bool IsOf(GuardrailDescription guardrail) => Property.Name switch
    {
        nameof(GuardrailRule.Action) => guardrail.Actions.Count > 0,
        nameof(GuardrailRule.ReplyAction) => guardrail.ReplyActions.Count > 0,
        nameof(GuardrailRule.Restore) => guardrail.Masks,
        _ => Shown.Of is null || Shown.Of.Contains(guardrail.Name, StringComparer.Ordinal),
    };

    /// <summary>What may be chosen for a guardrail, with what people read; null = any value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? ChoicesOf(GuardrailDescription guardrail) => Shown.Choices is null ? null :
    [
        .. Shown.Choices.Select(c => c.Split('=', 2)).Select(c => KeyValuePair.Create(c[0], c[1])).Where(c => Property.Name switch
        {
            nameof(GuardrailRule.Action) => guardrail.Actions.Contains(c.Key, StringComparer.Ordinal),
            nameof(GuardrailRule.ReplyAction) => guardrail.ReplyActions.Contains(c.Key, StringComparer.Ordinal),
            _ => true,
        }),
    ];

    /// <summary>What a rule says; null = nothing.</summary>
    public object? In(GuardrailRule rule) => Property.GetValue(rule);

    /// <summary>Sets it in a rule that nobody else holds yet.</summary>
    public void Put(GuardrailRule rule, object? value) => Property.SetValue(rule, value);
}

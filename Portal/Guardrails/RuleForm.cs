using System.Globalization;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>What one guardrail does, while somebody edits it: a value for each setting that its annotations give it.</summary>
/// <param name="guardrail">Which one.</param>
public sealed class RuleForm(GuardrailDescription guardrail)
{
    /// <summary>What stands for "the next wider policy decides".</summary>
    public const string Wider = "";

    private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

    /// <summary>Which one.</summary>
    public GuardrailDescription Guardrail => guardrail;

    /// <summary>Its settings, in order.</summary>
    public IReadOnlyList<RuleSetting> Settings { get; } = [.. RuleSetting.All.Where(s => s.IsOf(guardrail))];

    /// <summary>The level; <see cref="Wider"/> = the policy does not name it.</summary>
    public string Level { get; set; } = Wider;

    /// <summary>Whether it looks at anything.</summary>
    public bool IsActive => Level != Wider && Level != GuardrailLevels.Off;

    /// <summary>What a setting's field holds: a text, also for lists; a number; a yes or no. Null = nothing.</summary>
    public object? this[RuleSetting setting]
    {
        get => values.GetValueOrDefault(setting.Name) ?? Usual(setting);
        set => values[setting.Name] = value;
    }

    /// <summary>Of a rule that is set; null = none is.</summary>
    public static RuleForm Of(GuardrailDescription guardrail, GuardrailRule? rule)
    {
        var form = new RuleForm(guardrail);
        if (rule is null) return form;
        form.Level = rule.Level;
        foreach (var setting in form.Settings)
            form[setting] = setting.In(rule) is string[] list ? string.Join(setting.Shown.Lines ? "\n" : ", ", list) : setting.In(rule);
        return form;
    }

    /// <summary>Whether a setting is of any use beside what the others hold.</summary>
    public bool Needs(RuleSetting setting)
    {
        if (!IsActive || (Level == GuardrailLevels.Flag && !setting.Shown.AtFlag)) return false;
        if (setting.Shown.When?.Split('=', 2) is not [var other, var value]) return true;
        return Settings.FirstOrDefault(s => s.Name == other) is { } decides && Needs(decides) && this[decides] as string == value;
    }

    /// <summary>Whether something rare was set.</summary>
    public bool HasRare => Settings.Any(s => s.Shown.Rare && values.GetValueOrDefault(s.Name) is { } value && !Equals(value, Usual(s)) && value is not "");

    /// <summary>The rule; null = the next wider policy decides. Of one that is off, what should be there when it is on again.</summary>
    public GuardrailRule? ToRule()
    {
        if (Level == Wider) return null;
        var rule = new GuardrailRule { Level = Level };
        foreach (var setting in Settings)
            setting.Put(rule, this[setting] is true ? null : RuleChecks.Plain(setting.Type == typeof(string[]) ? Entries(setting) : this[setting]));
        return rule;
    }

    private string[] Entries(RuleSetting setting) =>
        (this[setting] as string ?? "").Split(setting.Shown.Lines ? ['\n'] : [',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // What a field shows where nothing is set: what happens then.
    private object? Usual(RuleSetting setting) =>
        setting.Type == typeof(bool) ? true
        : setting.Name == "action" ? guardrail.DefaultAction
        : setting.Shown.Unset is null && setting.ChoicesOf(guardrail) is [var first, ..] && setting.Type == typeof(string) ? first.Key
        : setting.Type == typeof(string) ? "" : null;

    /// <summary>A number's field, as Radzen's takes it.</summary>
    public double? Number(RuleSetting setting) => this[setting] is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;

    /// <summary>Sets a number as the setting has it: whole where it is whole.</summary>
    public void SetNumber(RuleSetting setting, double? value) => this[setting] = value is not { } number ? null : setting.Type == typeof(int) ? (object)(int)Math.Clamp(number, int.MinValue, int.MaxValue) : number;
}

using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Components.Pieces;

/// <summary>What is wrong with a form: faults of its fields beside them, everything else above its buttons.</summary>
public sealed class FormFaults
{
    private readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);

    /// <summary>What is wrong as a whole; null = nothing.</summary>
    public string? General { get; private set; }

    /// <summary>What is wrong with a field; null = nothing.</summary>
    public string? Of(string field) => fields.GetValueOrDefault(field);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        fields.Clear();
        General = null;
    }

    /// <summary>Sets or clears one field's fault.</summary>
    public void Set(string field, string? message)
    {
        if (message is null) fields.Remove(field);
        else fields[field] = message;
    }

    /// <summary>Takes over a command's failure. Faults of fields that the form does not show are said as a whole.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="shown">The fields that the form shows, by their names in the API.</param>
    public void Take(Failure failure, IReadOnlyDictionary<string, string> shown)
    {
        Clear();
        IReadOnlyList<Fault> faults = failure switch
        {
            Failure.Invalid invalid => invalid.Faults,
            Failure.Conflict { Field: { } field } conflict => [new(field, conflict.Message)],
            _ => [],
        };
        if (faults.Count == 0) General = failure.Message;
        foreach (var fault in faults)
        {
            // The API speaks of its fields; people read labels.
            if (shown.TryGetValue(fault.Field, out var label)) fields[fault.Field] = fault.Message.Replace(fault.Field, label, StringComparison.Ordinal);
            else General = fault.Message;
        }
    }
}

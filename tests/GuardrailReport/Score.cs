namespace AspireGateway.GuardrailReport;

/// <summary>Counts of right and wrong findings, and what follows from them.</summary>
internal sealed class Score
{
    /// <summary>Labels.</summary>
    public int Positives { get; set; }

    /// <summary>Labels that were found.</summary>
    public int Found { get; set; }

    /// <summary>Findings that are no label.</summary>
    public int Wrong { get; set; }

    /// <summary>Right findings of all findings.</summary>
    public double Precision => Found + Wrong == 0 ? 1 : (double)Found / (Found + Wrong);

    /// <summary>Found labels of all labels.</summary>
    public double Recall => Positives == 0 ? 1 : (double)Found / Positives;

    /// <summary>Their harmonic mean.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    /// <summary>A row of a Markdown table.</summary>
    public string Row(string name) => $"| {name} | {Positives} | {Precision:0.000} | {Recall:0.000} | {F1:0.000} |";
}

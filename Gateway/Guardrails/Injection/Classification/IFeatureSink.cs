namespace AspireGateway.Gateway.Guardrails.Injection.Classification;

/// <summary>Takes the hashed features of a text, in three groups that are scaled separately.</summary>
internal interface IFeatureSink
{
    /// <summary>A row of three to five letters.</summary>
    void Letters(int bucket);

    /// <summary>A row of one to three words.</summary>
    void Words(int bucket);

    /// <summary>A concept, or two that stand in one window.</summary>
    void Concepts(int bucket);
}

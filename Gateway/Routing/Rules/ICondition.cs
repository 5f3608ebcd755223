namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>One thing that must be true of a request.</summary>
internal interface ICondition
{
    /// <summary>Its field's name in the rule, for the preview.</summary>
    string Name { get; }

    /// <summary>What it costs to know: 0 = it is known, 1 = something is looked up, 2 = the prompt is read, 3 = it is searched or classified.</summary>
    int Cost { get; }

    /// <summary>Whether it holds. Allocates nothing.</summary>
    bool Holds(ref RuleFacts facts);
}

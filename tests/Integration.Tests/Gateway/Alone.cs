namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>
/// Tests that count what a process does a request, or what this one keeps: while others keep the cores busy, what it does by the second weighs more. And those
/// that hold the product to a promise of a second or less.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

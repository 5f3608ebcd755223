using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Tasks;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>Tells a request's task: what the caller declares, else the first of the organisation's own tasks whose words stand in it, else what the classifier says.</summary>
internal static class RequestTasks
{
    /// <summary>The task and the complexity.</summary>
    public static RequestTask Of(CompiledRules rules, RequestFacts request, PromptView prompt)
    {
        if (request.Operation?.Kind != OperationKind.Chat) return new(request.DeclaredTask, request.DeclaredTask is null ? 0 : 1, TaskSources.Declared, null);
        var (label, confidence) = TaskClassifier.Default.Classify(prompt, out var hardWords);
        var complexity = ComplexityGauge.Of(request, prompt, label, hardWords);
        if (request.DeclaredTask is { } declared) return new(declared, 1, TaskSources.Declared, complexity);
        foreach (var task in rules.Tasks)
            if (task.IsFoundIn(prompt.Characters)) return new(task.Name, 1, TaskSources.Words, complexity);
        return new(label, confidence, TaskSources.Classifier, complexity);
    }
}

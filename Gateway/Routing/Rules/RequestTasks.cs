using AspireGateway.Gateway.Routing.Tasks;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>Tells a request's task: what the caller declares, else the first of the organisation's own tasks whose words stand in it, else what the classifier says.</summary>
internal static class RequestTasks
{
    /// <summary>The task and the complexity.</summary>
    public static RequestTask Of(ref RuleFacts facts)
    {
        var request = facts.Request;
        if (request.Operation is not { HasConversation: true }) return new(request.DeclaredTask, request.DeclaredTask is null ? 0 : 1, TaskSources.Declared, null);
        var prompt = facts.Prompt;
        var (label, confidence) = TaskClassifier.Default.Classify(prompt, out var hardWords);
        var complexity = ComplexityGauge.Of(request, prompt, label, hardWords);
        if (request.DeclaredTask is { } declared) return new(declared, 1, TaskSources.Declared, complexity);
        foreach (var task in facts.Caller.Organisation.Rules.Tasks)
            if (task.IsFoundIn(ref facts)) return new(task.Name, 1, TaskSources.Words, complexity);
        return new(label, confidence, TaskSources.Classifier, complexity);
    }
}
